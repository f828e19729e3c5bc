"""Bins of confidence."""

import numpy as np
import pytest

from results.calibration import measure_reliability


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
