"""Sets that hold the true class as often as promised."""

import math

import numpy as np
import pytest

from results.conformal import MOST_SCORES, calibration_scores, prediction_sets, set_limit


def _answers(generator, count, num_classes=6):
    """Return true classes and probabilities of a model that knows a little and is wrong about how much."""
    labels = generator.integers(0, num_classes, count)
    logits = generator.normal(0, 1.5, (count, num_classes))
    logits[np.arange(count), labels] += 2
    powers = np.exp(2 * logits)
    return labels, powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("coverage", [0.7, 0.8, 0.9, 0.97])
def test_sets_of_new_pictures_hold_the_true_class_as_often_as_promised(coverage):
    generator, held = np.random.default_rng(5), []
    for _ in range(200):
        labels, probabilities = _answers(generator, 99)
        limit = set_limit(calibration_scores(labels, probabilities), 99, coverage)
        labels, probabilities = _answers(generator, 200)
        held.append(prediction_sets(probabilities, limit)[np.arange(200), labels].mean())
    assert coverage - 0.005 < np.mean(held) < coverage + 0.02


def test_limit_is_the_order_statistic_of_the_finite_sample():
    scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert set_limit(scores, 9, 0.9) == 0.9  # the 9th of 9, not the 90 % quantile
    assert set_limit(scores, 9, 0.8) == 0.8


def test_too_few_pictures_promise_nothing_and_every_class_is_in_the_set():
    limit = set_limit([0.1, 0.2], 2, 0.9)
    assert limit == math.inf
    assert prediction_sets(np.array([[0.7, 0.2, 0.1]]), limit).all()


def test_scores_that_were_thinned_out_make_sets_slightly_larger_never_smaller():
    labels, probabilities = _answers(np.random.default_rng(6), 4321)
    kept, full = calibration_scores(labels, probabilities), np.sort(1 - probabilities[np.arange(4321), labels])
    assert len(kept) == MOST_SCORES
    for coverage in np.linspace(0.01, 0.99, 57):
        rank = math.ceil(4322 * coverage)
        assert full[rank - 1] <= set_limit(kept, 4321, coverage) <= full[min(rank + 5, 4321) - 1]


def test_a_set_is_never_empty():
    assert prediction_sets(np.array([[0.4, 0.35, 0.25]]), 0.0).tolist() == [[True, False, False]]
