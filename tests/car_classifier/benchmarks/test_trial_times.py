"""Seconds per trial of several sides."""

import pytest

from car_classifier.benchmarks.trial_times import TrialTimes

TIMES = TrialTimes("case", {"ours": (1.0, 2.0, 4.0), "theirs": (5.0, 4.0, 40.0)}, epochs=3, pictures=8, features_seconds=9.0)


def test_ratio_is_taken_trial_by_trial():
    assert TIMES.ratios("theirs") == (5.0, 2.0, 10.0)


def test_json_holds_medians_and_every_trial():
    ours, theirs = TIMES.to_json()["sides"]
    assert ours == {"name": "ours", "median": 2.0, "seconds": [1.0, 2.0, 4.0], "ratio": 1.0}
    assert (theirs["median"], theirs["ratio"]) == (5.0, 5.0)


@pytest.mark.parametrize("seconds", [{"ours": (), "theirs": ()}, {"ours": (1.0,), "theirs": (1.0, 2.0)}])
def test_sides_without_equal_trials_are_refused(seconds):
    with pytest.raises(ValueError, match="as many trials"):
        TrialTimes("case", seconds, epochs=1, pictures=1, features_seconds=0.0)
