"""What a trial computes."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from search.executor import TrialTask

Report = Callable[[dict[str, Any]], bool]


class Objective(ABC):
    """Runs trials inside a worker; made there as `Objective(job)` from "module:attribute" and built-in types.

    A trial never changes the next one: the same task gives the same rows in a fresh worker.

    Args:
        job: what all trials of the search share.
    """

    def __init__(self, job: dict[str, Any]):
        self.job = job

    @abstractmethod
    def prepare(self, *, sparingly: bool) -> dict[str, Any]:
        """Make what all trials share (features of a frozen backbone, …); return what the coordinator should know.

        Args:
            sparingly: the kernel has killed a process that did it for want of memory: do no more than a trial needs.
        """

    @abstractmethod
    def run(self, task: TrialTask, report: Report) -> None:
        """Train one trial, going on from what lies in `task.folder`.

        Args:
            task: the trial.
            report: called after every epoch, once the training state is stored, with its row of history.csv; of a
                trial that goes on, first with the rows of the epochs already done. Rows whose `phase` is "head" come
                before the epochs that `task.epochs` counts. False: return at once.

        Raises:
            DivergedError: the loss is no number.
            MemoryError, or the like of a backend: it does not fit.
            UserError: these values cannot be trained.
        """
