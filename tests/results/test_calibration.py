"""Bins of confidence, and the temperature."""

import numpy as np
import pytest
from scipy.special import softmax

from results.calibration import (
    TEMPERATURES,
    apply_temperature,
    fit_temperature,
    measure_reliability,
    temperature_remark,
)


def test_every_picture_falls_into_the_bin_of_its_confidence():
    probabilities = np.array([[1.0, 0.0], [0.75, 0.25], [0.7, 0.3]])
    reliability = measure_reliability(np.array([0, 1, 0]), probabilities, num_bins=4)
    assert reliability.counts.tolist() == [0, 0, 2, 1]
    assert reliability.accuracies.tolist() == [0, 0, 0.5, 1]
    assert reliability.confidences == pytest.approx([0, 0, 0.725, 1])


def test_error_is_the_gap_weighted_by_pictures():
    probabilities = np.array([[1.0, 0.0], [0.75, 0.25], [0.7, 0.3]])
    reliability = measure_reliability(np.array([0, 1, 0]), probabilities, num_bins=4)
    assert reliability.expected_calibration_error == pytest.approx(2 / 3 * 0.225)


def _answers(seed: int, *, num_pictures: int = 2000, num_classes: int = 8):
    """Return true classes drawn from probabilities, and these probabilities."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(num_classes, 0.3), num_pictures)
    labels = (probabilities.cumsum(axis=1) > generator.random((num_pictures, 1))).argmax(axis=1)
    return labels, probabilities.astype(np.float32)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_fit_finds_the_temperature_that_undoes_overconfidence(temperature):
    labels, probabilities = _answers(1)
    distorted = apply_temperature(probabilities, 1 / temperature)
    assert fit_temperature(labels, distorted) == pytest.approx(temperature, rel=0.05)


def test_calibrated_probabilities_have_the_smaller_error():
    labels, probabilities = _answers(2)
    distorted = apply_temperature(probabilities, 0.4)
    before = measure_reliability(labels, distorted).expected_calibration_error
    shown = apply_temperature(distorted, fit_temperature(labels, distorted))
    assert measure_reliability(labels, shown).expected_calibration_error < before / 3


def test_temperature_is_the_softmax_of_divided_logits():
    logits = np.random.default_rng(3).normal(0, 5, (20, 6))
    shown = apply_temperature(softmax(logits, axis=1).astype(np.float32), 1.7)
    assert shown == pytest.approx(softmax(logits / 1.7, axis=1), abs=1e-6)
    assert shown.dtype == np.float32


def test_temperature_of_one_changes_no_bit():
    probabilities = _answers(4)[1]
    assert apply_temperature(probabilities, 1.0) is probabilities


def test_probabilities_of_zero_and_one_stay_finite():
    shown = apply_temperature(np.float32([[1, 0, 0]]), 3.0)
    assert np.isfinite(shown).all() and shown.argmax() == 0


def test_a_model_that_is_always_right_is_not_sharpened_without_end():
    probabilities = np.float32([[0.9, 0.1], [0.2, 0.8]])
    assert fit_temperature(np.array([0, 1]), probabilities) == pytest.approx(TEMPERATURES[0], rel=1e-3)


@pytest.mark.parametrize(("temperature", "is_remarked"), [(5.0, True), (4.999, True), (0.2, True), (1.0, False), (2.7, False)])
def test_a_temperature_at_the_end_of_what_is_tried_is_remarked(temperature, is_remarked):
    assert (temperature_remark(temperature) is not None) == is_remarked
