"""Where trials run: what every executor offers, and what passes between it and the coordinator."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

EventKind = Literal["prepared", "epoch", "ended", "died"]


@dataclass(frozen=True)
class TrialTask:
    """One trial to run.

    Args:
        number: of the trial.
        values: dotted setting name to value.
        folder: of its training state; what lies there is gone on with.
        epochs: stop after this epoch; None: as far as the settings say.
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
            finished and waits for an answer; `content` is its row of figures), "ended" (`content` is an outcome: `state` one
            of completed, pruned, diverged, out_of_memory, bug; `reason`; `memory`, resident bytes), "died" (the process is
            gone; `content`: `reason`, `out_of_memory`).
        number: of the trial; None for "prepared", and for a worker that died between trials.
        content: built-in types.
    """

    kind: EventKind
    number: int | None
    content: dict[str, Any] = field(default_factory=dict)


class Executor(ABC):
    """Runs trials in other processes; the coordinator asks, and never trains."""

    @property
    @abstractmethod
    def num_free(self) -> int:
        """How many trials can be started now."""

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
        """End all workers at once."""
