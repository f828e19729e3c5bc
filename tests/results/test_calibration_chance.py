"""What chance does to a calibration error."""

import numpy as np
import pytest

from results.calibration import apply_temperature, measure_reliability
from results.calibration_chance import calibration_chance


def _answers(num_pictures: int, *, temperature: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """True classes drawn from probabilities, and these made surer by a temperature below 1."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(5, 0.5), num_pictures)
    labels = (probabilities.cumsum(axis=1) > generator.random((num_pictures, 1))).argmax(axis=1)
    return labels, apply_temperature(probabilities, temperature)


def _error(labels, probabilities):
    return measure_reliability(labels, probabilities).expected_calibration_error


def test_perfect_probabilities_show_what_chance_makes_of_them():
    cases = [_answers(400, seed=seed) for seed in range(40)]
    errors = [_error(*case) for case in cases]
    assert calibration_chance(*cases[0], seed=0).perfect == pytest.approx(np.mean(errors), rel=0.1)


@pytest.mark.parametrize("temperature", [1.0, 0.7, 0.4])
def test_interval_holds_the_error_that_many_pictures_show(temperature):
    truth = _error(*_answers(200_000, temperature=temperature, seed=99)) if temperature < 1 else 0.0
    chances = [calibration_chance(*_answers(400, temperature=temperature, seed=seed), seed=0) for seed in range(30)]
    assert sum(chance.low <= truth <= chance.high for chance in chances) >= 27


def test_a_gap_beyond_chance_keeps_the_interval_from_0():
    chance = calibration_chance(*_answers(1000, temperature=0.3), seed=0)
    assert chance.perfect < chance.low < _error(*_answers(1000, temperature=0.3)) < chance.high
