"""Where trials run: what every executor offers, and what passes between it and the coordinator."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from search.config import SearchConfig

EventKind = Literal["prepared", "epoch", "ended", "died", "replaced"]


@dataclass(frozen=True)
class TrialTask:
    """One trial to run.

    Args:
        number: of the trial.
        values: dotted setting name to value.
        folder: of its training state; what lies there is gone on with.
        epochs: stop after this epoch of the main phase; None: as far as the settings say.
        micro_batch_divisor: divide the batch by this and accumulate as many gradients.
    """

    number: int
    values: dict[str, Any]
    folder: Path
    epochs: int | None = None
    micro_batch_divisor: int = 1


@dataclass(frozen=True)
class Event:
    """Something that happened in a worker.

    Args:
        kind: "prepared" (the worker is ready; `content` is what the objective's `prepare` returned), "epoch" (one has
            finished and waits for an answer; `content` is its row of figures), "ended" (`content` is an outcome as
            `search.outcome` describes it), "died" (the process is gone; `content`: `reason`, `out_of_memory`), "replaced" (a
            worker makes room for a fresh one; `content`: `reason`).
        number: of the trial; None for "prepared" and "replaced", for an objective that could not be prepared, and for a
            worker that died between trials.
        content: built-in types.
    """

    kind: EventKind
    number: int | None
    content: dict[str, Any] = field(default_factory=dict)


class Executor(ABC):
    """Runs trials in other processes; the coordinator asks, and never trains.

    The workers start with the executor, so that they import while the caller reads its data.

    Args:
        objective: "module:attribute" of an `Objective`.
        config: how many workers, and where.
        folder: of the search.
    """

    @abstractmethod
    def __init__(self, objective: str, config: SearchConfig, *, folder: Path):
        """Start the workers."""

    @abstractmethod
    def prepare(self, job: dict[str, Any]) -> None:
        """Tell the workers what all trials share; once, before the first trial."""

    @property
    @abstractmethod
    def num_free(self) -> int:
        """How many trials can be started now: workers that are prepared and have none."""

    @abstractmethod
    def start(self, task: TrialTask) -> None:
        """Start a trial on a free worker."""

    @abstractmethod
    def wait(self, seconds: float) -> list[Event]:
        """Return what happened, as soon as anything does; an empty list after `seconds`."""

    @abstractmethod
    def answer(self, number: int, *, go_on: bool) -> None:
        """Answer the epoch of a trial: train on, or stop there."""

    @abstractmethod
    def close(self) -> None:
        """End all workers at once; what they were training can be gone on with."""
