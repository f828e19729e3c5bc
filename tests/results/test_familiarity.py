"""Pictures unlike those of the training."""

import numpy as np

from results.familiarity import FALSE_ALARMS, NEVER, NUM_DIRECTIONS, familiarity, fit_directions, unknown_limit


def _features(seed, count, centres):
    generator = np.random.default_rng(seed)
    return centres[generator.integers(0, len(centres), count)] + generator.normal(0, 0.1, (count, centres.shape[1]))


CENTRES = np.eye(12)[:5]


def test_familiar_pictures_are_rarely_called_unknown_and_strange_ones_mostly():
    known = _features(1, 400, CENTRES)
    directions, limit = fit_directions(known, seed=0), unknown_limit(known, seed=0)
    alarms = (familiarity(_features(2, 1000, CENTRES), directions) < limit).mean()
    assert FALSE_ALARMS / 3 < alarms < 2 * FALSE_ALARMS
    assert (familiarity(_features(3, 200, np.eye(12)[6:]), directions) < limit).mean() > 0.9


def test_alarms_are_as_rare_as_promised_with_few_pictures_and_too_few_raise_none():
    drawn = [_features(seed, 20, CENTRES) for seed in range(200)]
    new = _features(999, 500, CENTRES)
    alarms = [(familiarity(new, fit_directions(few, seed=0)) < unknown_limit(few, seed=0)).mean() for few in drawn]
    assert 0 < np.mean(alarms) < FALSE_ALARMS
    assert unknown_limit(drawn[0][:18], seed=0) == NEVER < unknown_limit(drawn[0][:19], seed=0)


def test_scale_of_features_does_not_matter():
    known = _features(4, 50, CENTRES)
    directions = fit_directions(known, seed=0)
    assert np.allclose(familiarity(7 * known, directions), familiarity(known, directions))


def test_same_seed_gives_the_same_directions_and_no_more_than_there_are_pictures():
    known = _features(5, 100, CENTRES)
    assert (fit_directions(known, seed=3) == fit_directions(known, seed=3)).all()
    assert len(fit_directions(known, seed=3)) == NUM_DIRECTIONS
    assert len(fit_directions(known[:4], seed=3)) == 4


def test_features_of_zero_are_no_direction():
    assert familiarity(np.zeros((1, 12)), fit_directions(_features(6, 20, CENTRES), seed=0)).tolist() == [0.0]
