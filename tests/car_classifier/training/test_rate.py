"""The one rule for the learning rate."""

import math

import pytest

from car_classifier.training.rate import RateRule


def test_cosine_falls_from_base_to_zero_over_the_phase():
    rule = RateRule(base=0.1, schedule="cosine", num_updates=100)
    assert rule.rate(0) == 0.1 and rule.rate(50) == pytest.approx(0.05) and rule.rate(100) == pytest.approx(0.0)


def test_warm_up_rises_linearly_to_base():
    rule = RateRule(base=0.1, schedule="none", num_updates=100, warmup_updates=4)
    assert [rule.rate(update) for update in range(5)] == pytest.approx([0.025, 0.05, 0.075, 0.1, 0.1])


def test_step_falls_by_its_factor():
    rule = RateRule(base=1.0, schedule="step", num_updates=30, step_updates=10, step_factor=0.1)
    assert [rule.rate(update) for update in (9, 10, 29)] == pytest.approx([1.0, 0.1, 0.01])


def test_all_factors_multiply_and_decay_divides():
    rule = RateRule(base=0.2, schedule="cosine", num_updates=20, decay=0.5)
    expected = 0.2 * 0.5 * (1 + math.cos(math.pi * 0.25)) * 0.04 / (1 + 0.5 * 5)
    assert rule.rate(5, plateau_factor=0.04) == pytest.approx(expected)
