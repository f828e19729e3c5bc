import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap, t

from results.paired_statistics import estimate_difference, estimate_mean, holm, mcnemar


def answers(*, seeds=3, pictures=500, shift=0.0, noise=0.3, seed=0):
    """Differences of answers, -1, 0 or 1, [seeds, pictures], whose mean varies with the seed by `shift`."""
    generator = np.random.default_rng(seed)
    draws = generator.normal(0.1, noise, pictures) + generator.normal(0, noise, (seeds, pictures))
    return np.sign(np.round(draws + generator.normal(0, shift, (seeds, 1))))


def test_one_seed_gives_the_paired_bootstrap_of_scipy():
    differences = answers(seeds=1)
    ours = estimate_mean(differences, seed=1)
    theirs = bootstrap((differences[0],), np.mean, n_resamples=20_000, method="percentile", rng=2).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.003)
    assert ours.mean == differences.mean()


def test_where_seeds_alone_differ_the_interval_is_that_of_students_t():
    means = np.array([0.01, 0.02, 0.06])
    ours = estimate_mean(np.repeat(means[:, None], 100, axis=1), seed=0, num_resamples=200_000)
    half = t.ppf(0.975, 2) * means.std(ddof=1) / np.sqrt(3)
    assert (ours.low, ours.high) == pytest.approx((means.mean() - half, means.mean() + half), abs=0.003)


def test_three_seeds_that_differ_make_a_wider_interval_than_their_mean_alone():
    alike, different = answers(shift=0.0), answers(shift=0.2)
    widths = [estimate.high - estimate.low for estimate in (estimate_mean(alike, seed=0), estimate_mean(different, seed=0))]
    assert widths[1] > 2 * widths[0]


def test_interval_without_zero_and_p_value_below_5_percent_are_the_same_statement():
    for seed in range(20):
        estimate = estimate_mean(answers(seed=seed, pictures=120), seed=0)
        assert (estimate.p_value < 0.05) == (estimate.low > 0 or estimate.high < 0)


def test_intervals_of_three_seeds_hold_the_truth_as_often_as_they_say():
    generator = np.random.default_rng(5)
    hits = 0
    for number in range(200):
        noise = generator.normal(0, 0.3, 200) + generator.normal(0, 0.02, (3, 1)) + generator.normal(0, 0.3, (3, 200))
        estimate = estimate_mean(np.round(noise, 1), seed=number, num_resamples=2000)
        hits += estimate.low <= 0 <= estimate.high
    assert 182 <= hits <= 199


def test_mcnemar_is_the_exact_binomial_test_of_the_discordant_pictures():
    first = np.array([True] * 12 + [False] * 4 + [True] * 50)
    second = np.array([False] * 12 + [True] * 4 + [True] * 50)
    test = mcnemar(first, second)
    assert (test.only_first, test.only_second) == (12, 4)
    assert test.p_value == pytest.approx(binomtest(12, 16).pvalue)
    assert mcnemar(first, first).p_value == 1.0


def differing(better, worse, *, pictures=240, pairs=1):
    """Answers of two sides that differ on the first pictures alone, booleans [pairs, pictures] each."""
    first, second = np.zeros((2, pictures), bool)
    first[:better], second[better : better + worse] = True, True
    return np.tile(first, (pairs, 1)), np.tile(second, (pairs, 1))


@pytest.mark.parametrize("pairs", [1, 3])
def test_four_discordant_pictures_of_one_side_do_not_make_a_difference(pairs):
    estimate = estimate_difference(*differing(4, 0, pairs=pairs), seed=0)
    assert estimate.p_value == pytest.approx(0.125) and estimate.low < 0 < estimate.mean == pytest.approx(4 / 240)


def test_equal_answers_still_have_an_interval():
    estimate = estimate_difference(*differing(0, 0), seed=0)
    assert (estimate.low, estimate.high) == pytest.approx((-0.0153, 0.0153), abs=1e-4) and estimate.p_value == 1.0


@pytest.mark.parametrize(("better", "worse"), [(6, 0), (5, 0), (0, 6), (14, 4), (13, 5), (60, 40), (62, 38), (58, 42)])
def test_one_pair_is_never_surer_than_mcnemars_test(better, worse):
    first, second = differing(better, worse)
    estimate, test = estimate_difference(first, second, seed=0), mcnemar(first[0], second[0])
    assert estimate.p_value >= test.p_value
    if better + worse < 25:
        assert (estimate.low <= 0 <= estimate.high) == (test.p_value >= 0.05)


def test_intervals_of_few_discordant_pictures_hold_the_truth():
    generator = np.random.default_rng(3)
    hits = 0
    for number in range(200):
        draws = generator.uniform(size=(1, 240))
        estimate = estimate_difference(draws < 0.03, draws > 0.99, seed=number)
        hits += estimate.low <= 0.02 <= estimate.high
    assert hits >= 186


def test_holm_multiplies_the_smallest_p_value_most_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0] and holm([]) == []


def test_values_must_be_a_matrix():
    with pytest.raises(ValueError, match="seeds × pictures"):
        estimate_mean(np.zeros(4), seed=0)
