"""How a trial ends in its worker."""

import time
import traceback
from collections.abc import Callable
from typing import Any

import psutil

from car_classifier.base.errors import (
    CarClassifierError,
    DataError,
    DivergedError,
    ResourceError,
    RunInUseError,
    SearchBug,
    UserError,
    is_out_of_memory,
)
from car_classifier.base.full_disk import full_disk_named
from search.executor import TrialTask
from search.objective import Objective, Report

# Seconds that a worker which is being killed may take to let go of a trial's folder; a file server keeps the locks of a lost
# machine for some time, mostly 90.
PATIENCE = 150.0


def run_trial(objective: Objective, task: TrialTask, report: Report) -> dict[str, Any]:
    """Run one trial to its end, whatever that is.

    Returns:
        The outcome: `state` is "completed", "pruned" (`report` said stop), "diverged", "out_of_memory", "refused" (a value that
        no training can have), "error" (names, data or disk: `exit_status` says which) or "bug" (anything else: `traceback`);
        `reason` in words; `memory`, resident bytes of this process afterwards.
    """
    stopped = False

    def report_and_remember(row: dict[str, Any]) -> bool:
        nonlocal stopped
        stopped = not report(row)
        return not stopped

    outcome = outcome_of(lambda: _run_when_free(objective, task, report_and_remember))
    if outcome["state"] == "completed" and stopped:
        outcome["state"] = "pruned"
    return {**outcome, "memory": psutil.Process().memory_info().rss}


def _run_when_free(objective: Objective, task: TrialTask, report: Report) -> None:
    """Run the trial; while the worker that had it before is still dying, try again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return objective.run(task, report)
        except RunInUseError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def outcome_of(work: Callable[[], Any]) -> dict[str, Any]:
    """Do `work` and return its outcome; "completed" when it raises nothing."""
    try:
        with full_disk_named("a worker could not write what its trial needs"):
            work()
    except Exception as error:
        return _outcome_of_error(error)
    return {"state": "completed", "reason": ""}


def _outcome_of_error(error: Exception) -> dict[str, Any]:
    if isinstance(error, DivergedError):
        return {"state": "diverged", "reason": str(error)}
    if is_out_of_memory(error):
        return {"state": "out_of_memory", "reason": _last_line(error)}
    if isinstance(error, CarClassifierError):
        # Not what the system has refused, such as a folder that cannot be written: it says nothing about the values.
        refused = type(error) is UserError and not isinstance(error.__cause__, OSError)
        return {"state": "refused" if refused else "error", "reason": str(error), "exit_status": error.exit_status}
    return {"state": "bug", "reason": _last_line(error), "traceback": traceback.format_exc()}


def error_of(outcome: dict[str, Any]) -> CarClassifierError:
    """Return what an outcome that ends the search raises in the coordinator: the worker's error with its exit status."""
    if outcome["state"] == "bug":
        return SearchBug(f"The trial's program is wrong. Mended, the same command goes on.\n{outcome['traceback'].rstrip()}")
    if outcome["state"] == "out_of_memory":
        return ResourceError(f"Out of memory before the first trial: {outcome['reason']}")
    classes = {kind.exit_status: kind for kind in (UserError, DataError, ResourceError, RunInUseError)}
    return classes.get(outcome.get("exit_status"), CarClassifierError)(outcome["reason"])


def _last_line(error: Exception) -> str:
    return traceback.format_exception_only(error)[-1].strip()[:500]
