"""Who wants to know how a search goes."""

from abc import ABC, abstractmethod
from typing import Any

from search.trial import Trial


class SearchObserver(ABC):
    """Told what happens, in the coordinator's process; it changes nothing, and what it raises ends the search."""

    @abstractmethod
    def recorded(self, trials: list[Trial]) -> None:
        """The record has been read; once, before anything else. `trials` are finished and running ones by number."""

    @abstractmethod
    def prepared(self, content: dict[str, Any]) -> None:
        """A worker is ready; `content` is what the objective's `prepare` returned."""

    @abstractmethod
    def suggested(self, trial: Trial, seconds: float) -> None:
        """The engine took so long for the suggestion of a new trial."""

    @abstractmethod
    def trial_started(self, trial: Trial) -> None:
        """A trial starts or, after an interruption, a death or a lack of memory, starts again."""

    @abstractmethod
    def epoch(self, trial: Trial, row: dict[str, Any]) -> None:
        """An epoch has finished, for the first time in this process; `trial.losses` ends with it."""

    @abstractmethod
    def trial_finished(self, trial: Trial) -> None:
        """A trial has been recorded as finished."""

    @abstractmethod
    def worker_replaced(self, reason: str) -> None:
        """A worker has died or grown too large, and another takes its place."""
