"""How trials end in their worker."""

import errno

import pytest

from car_classifier.base.errors import (
    CarClassifierError,
    DataError,
    DivergedError,
    ResourceError,
    RunInUseError,
    SearchBug,
    UnknownNameError,
    UserError,
)
from search import outcome as outcomes
from search.executor import TrialTask
from search.objective import Objective
from search.outcome import error_of, outcome_of, run_trial


def raising(error):
    """Return work that raises `error`."""

    def work():
        raise error

    return work


class Scripted(Objective):
    """Raises the errors that it is given, one per attempt, then reports an epoch."""

    def prepare(self, *, sparingly):
        """Prepare nothing."""
        return {}

    def run(self, task, report):
        """Raise, or report."""
        if self.job["errors"]:
            raise self.job["errors"].pop(0)
        report({"epoch": 1})


@pytest.mark.parametrize(("error", "state"), [
    (DivergedError("the loss is nan"), "diverged"),
    (MemoryError("out"), "out_of_memory"),
    (RuntimeError("RESOURCE_EXHAUSTED: no memory on the device"), "out_of_memory"),
    (UserError("mistaken"), "refused"),
    (UnknownNameError("model", "mistaken", []), "error"),
    (DataError("mistaken"), "error"),
    (ValueError("no such thing"), "bug"),
])
def test_every_error_has_its_outcome(error, state):
    outcome = outcome_of(raising(error))
    assert outcome["state"] == state
    assert str(error).split("]")[-1].strip() in outcome["reason"]


@pytest.mark.parametrize("kind", [UserError, DataError, ResourceError, RunInUseError, CarClassifierError])
def test_the_coordinator_raises_the_error_of_the_worker(kind):
    raised = error_of(outcome_of(raising(kind("as it is"))))
    assert (type(raised), str(raised)) == (kind, "as it is")


def test_what_the_system_refuses_is_no_matter_of_the_values():
    def work():
        try:
            raise PermissionError(errno.EACCES, "Permission denied")
        except OSError as error:
            raise UserError("the folder cannot be written") from error

    assert outcome_of(work)["state"] == "error"


def test_a_bug_keeps_its_traceback():
    raised = error_of(outcome_of(raising(KeyError("where"))))
    assert isinstance(raised, SearchBug) and "Traceback" in str(raised) and "in work" in str(raised)


def test_a_full_disk_is_no_bug():
    assert error_of(outcome_of(raising(OSError(errno.ENOSPC, "No space left on device")))).exit_status == 4


def test_what_does_not_fit_before_the_first_trial_is_out_of_memory():
    assert isinstance(error_of(outcome_of(raising(MemoryError("features")))), ResourceError)


@pytest.mark.parametrize(("go_on", "state"), [(True, "completed"), (False, "pruned")])
def test_a_trial_that_is_told_to_stop_is_pruned(tmp_path, go_on, state):
    outcome = run_trial(Scripted({"errors": []}), TrialTask(0, {}, tmp_path), lambda row: go_on)
    assert outcome["state"] == state and outcome["memory"] > 1e6


def test_a_folder_that_a_dying_worker_still_holds_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(outcomes.time, "sleep", lambda seconds: None)
    errors = [RunInUseError("busy"), RunInUseError("busy")]
    assert run_trial(Scripted({"errors": errors}), TrialTask(0, {}, tmp_path), lambda row: True)["state"] == "completed"


def test_a_folder_that_stays_in_use_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(outcomes, "PATIENCE", -1.0)
    outcome = run_trial(Scripted({"errors": [RunInUseError("busy")]}), TrialTask(0, {}, tmp_path), lambda row: True)
    assert (outcome["state"], outcome["exit_status"]) == ("error", 75)
