"""Trials are validated when made."""

import numpy as np
import pytest

from search.trial import FINISHED, Suggestion, Trial


def test_figures_that_are_no_number_are_kept_as_none():
    nan = float("nan")
    trial = Trial(0, Suggestion({}), value=float("inf"), loss=nan, losses=(1.0, nan), figures={"auc": nan})
    assert (trial.value, trial.loss, trial.losses, trial.figures) == (None, None, (1.0, None), {"auc": None})


def test_figures_of_numpy_become_plain_numbers():
    trial = Trial(0, Suggestion({}), loss=np.float64(0.5), losses=(np.float64(0.5),), seconds=np.float64(2.0))
    assert {type(number) for number in (trial.loss, trial.losses[0], trial.seconds)} == {float}


def test_reason_is_shortened_and_printable():
    trial = Trial(0, Suggestion({}), reason="first\nsecond \x1b[2J\udcff" + "x" * 9999)
    assert trial.reason.startswith("first\nsecond \ufffd[2J\ufffdx") and len(trial.reason) == 2000


@pytest.mark.parametrize("fields", [
    {"values": []}, {"values": {1: 2}}, {"values": {"x": np.float64(1)}}, {"values": {"x": np.int64(1)}},
    {"values": {"x": (1,)}},
    {"values": {"x": float("nan")}}, {"values": {"x": 2**63}}, {"values": {"x": "\udcff"}}, {"values": {"x": object()}},
    {"values": {}, "note": {"x": {1}}}, {"values": {}, "note": None}, {"values": {}, "epochs": 0},
    {"values": {}, "epochs": True},
    {"values": {}, "continues": -1}, {"values": {}, "continues": 1.0}, {"values": {"x": [[[[[[[[[[[[[[]]]]]]]]]]]]]]}},
])
def test_suggestions_of_other_types_and_outside_their_ranges_are_refused(fields):
    with pytest.raises(ValueError, match=r"^`|surrogates|a key of"):
        Suggestion(**fields)


@pytest.mark.parametrize("fields", [
    {"number": -1}, {"number": 1.0}, {"number": True}, {"number": 2**64}, {"state": "done"}, {"state": None}, {"value": "1"},
    {"loss": True}, {"losses": 5}, {"losses": ("1",)}, {"best_epoch": 0}, {"best_epoch": 1.0}, {"figures": []},
    {"figures": {"x": "1"}}, {"figures": {1: 1.0}}, {"reason": None}, {"started": 5}, {"seconds": -1.0}, {"seconds": None},
    {"seconds": float("nan")}, {"micro_batch_divisor": 0}, {"deaths": -1}, {"suggestion": {}},
    {"suggestion": Suggestion({}, continues=7)}, {"head_epochs": -1},
    {"state": "completed"}, {"state": "pruned", "value": 1.0, "loss": 1.0},
    {"state": "completed", "value": float("nan"), "loss": 1.0, "best_epoch": 1},
])
def test_trials_of_other_types_and_outside_their_ranges_are_refused(fields):
    with pytest.raises(ValueError):
        Trial(**{"number": 7, "suggestion": Suggestion({}), **fields})


@pytest.mark.parametrize("state", FINISHED)
def test_all_states_but_running_are_finished(state):
    figures = {"value": 1.0, "loss": 1.0, "best_epoch": 1}
    assert Trial(0, Suggestion({}), state, **figures).is_finished and not Trial(0, Suggestion({})).is_finished
