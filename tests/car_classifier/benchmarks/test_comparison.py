"""Medians and ratios of two sides."""

import pytest

from car_classifier.benchmarks.comparison import Comparison

MEASURED = Comparison(
    "case", ("ours", "theirs"), ((10.0, 40.0, 30.0), (20.0, 40.0, 10.0)), ((4.0, 8.0, 6.0), (2.0, 2.0, 2.0)), pictures=2
)


def test_medians_are_those_of_each_side():
    assert MEASURED.medians == (30.0, 20.0)
    assert MEASURED.cpu_per_picture == (3.0, 1.0)


def test_ratio_is_taken_round_by_round():
    assert MEASURED.ratios == (0.5, 1.0, 3.0)
    assert MEASURED.to_json()["ratio"] == {"median": 1.0, "min": 0.5, "max": 3.0}


@pytest.mark.parametrize("speeds", [((), ()), ((1.0,), (1.0, 2.0))])
def test_sides_without_equal_rounds_are_refused(speeds):
    with pytest.raises(ValueError, match="as many rounds"):
        Comparison("case", ("a", "b"), speeds, speeds, pictures=1)
