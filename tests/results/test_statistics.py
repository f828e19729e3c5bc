"""Bootstrap intervals: what they cover and that both ways of drawing agree."""

import numpy as np
import pytest
from scipy.stats import binomtest

from results.statistics import accuracy_interval, bootstrap_interval, wilson_interval


@pytest.mark.parametrize(("num_right", "num_pictures"), [(0, 1), (0, 12), (7, 12), (12, 12), (700, 1000)])
def test_wilson_interval_equals_that_of_scipy(num_right, num_pictures):
    expected = binomtest(num_right, num_pictures).proportion_ci(method="wilson")
    assert wilson_interval(num_right, num_pictures) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_interval_is_the_bootstrap_where_enough_are_right_and_enough_wrong():
    correct = np.arange(40) < 25
    assert accuracy_interval(correct, seed=3) == (*bootstrap_interval(correct, seed=3), "bootstrap")


@pytest.mark.parametrize(("num_right", "num_pictures"), [(2, 8), (9, 1000), (991, 1000), (20, 20), (0, 20)])
def test_interval_of_few_right_or_few_wrong_answers_is_that_of_wilson(num_right, num_pictures):
    low, high, method = accuracy_interval(np.arange(num_pictures) < num_right, seed=3)
    assert ((low, high), method) == (wilson_interval(num_right, num_pictures), "wilson")


def test_interval_of_right_and_wrong_is_that_of_the_binomial():
    low, high = bootstrap_interval(np.arange(1000) < 700, seed=1)
    half = 1.96 * np.sqrt(0.7 * 0.3 / 1000)
    assert (low, high) == (pytest.approx(0.7 - half, abs=2e-3), pytest.approx(0.7 + half, abs=2e-3))


def test_drawing_one_by_one_agrees_with_the_binomial():
    values = np.arange(400) < 300
    exact = bootstrap_interval(values, seed=1)
    one_by_one = bootstrap_interval(values * 2.0, seed=2)
    assert np.array(one_by_one) / 2 == pytest.approx(np.array(exact), abs=5e-3)


def test_same_seed_gives_the_same_interval():
    values = np.random.default_rng(0).normal(size=50)
    assert bootstrap_interval(values, seed=5) == bootstrap_interval(values, seed=5)
    assert bootstrap_interval(values, seed=5) != bootstrap_interval(values, seed=6)


def test_less_confidence_is_a_narrower_interval():
    values = np.random.default_rng(0).normal(size=50)
    wide, narrow = bootstrap_interval(values, seed=5), bootstrap_interval(values, seed=5, confidence=0.5)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_no_values_and_impossible_confidence_are_refused():
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap_interval(np.array([]), seed=1)
    with pytest.raises(ValueError, match="confidence"):
        bootstrap_interval(np.array([1.0]), seed=1, confidence=95)
