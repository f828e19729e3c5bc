"""The area over many classes, and its interval."""

import numpy as np
import pytest
import sklearn.metrics
from scipy.special import softmax

from results.auc import macro_auc


def _answers(num_pictures: int, *, num_classes: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, num_classes, num_pictures)
    sums = generator.normal(size=(num_pictures, num_classes))
    sums[np.arange(num_pictures), labels] += 1.5
    return labels, softmax(sums, axis=1)


def test_area_with_ties_equals_that_of_scikit_learn():
    labels, probabilities = _answers(300)
    probabilities = np.round(probabilities, 1) + 1e-3
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    expected = sklearn.metrics.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro")
    assert macro_auc(labels, probabilities).area == pytest.approx(expected, abs=1e-12)


def test_error_equals_the_spread_of_a_bootstrap_over_pictures():
    labels, probabilities = _answers(300)
    generator = np.random.default_rng(1)
    draws = (generator.integers(0, 300, 300) for _ in range(400))
    areas = [macro_auc(labels[draw], probabilities[draw]).area for draw in draws]
    assert macro_auc(labels, probabilities).error == pytest.approx(np.std(areas), rel=0.12)


def test_interval_holds_the_truth_in_about_95_of_100_cases():
    truth = macro_auc(*_answers(20_000, seed=99)).area
    ends = [macro_auc(*_answers(150, seed=seed)).interval() for seed in range(200)]
    assert 180 <= sum(low <= truth <= high for low, high in ends) <= 199


def test_no_interval_where_nothing_tells_it():
    labels = np.array([0, 0, 1, 1])
    perfect = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.1, 0.9]])
    assert macro_auc(labels, perfect).area == 1 and macro_auc(labels, perfect).interval() is None
    assert macro_auc(labels[1:], perfect[[2, 0, 1]]).interval() is None  # a class with a single picture
    assert macro_auc(np.zeros(4, np.int64), perfect) is None
