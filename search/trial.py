"""One trial of a search, and what an engine suggests."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

State = Literal["running", "completed", "pruned", "failed", "infeasible"]
FINISHED = ("completed", "pruned", "failed", "infeasible")


class NoSuggestion(Enum):
    """What an engine answers when it has nothing to suggest."""

    WAIT = "wait"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True)
class Suggestion:
    """What to try next.

    Args:
        values: dotted setting name to value, plain Python types; exactly the dimensions that are active.
        epochs: train to this epoch and stop there; None: as far as the search's settings say.
        continues: number of the trial whose training goes on; None: a new one.
        note: what the engine wants to find again in the record (built-in types).
    """

    values: dict[str, Any]
    epochs: int | None = None
    continues: int | None = None
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """What is known of one trial; the content of its pickle once it has finished.

    Args:
        number: from 0, in the order of start; number 0 is the default configuration.
        suggestion: recorded before the trial starts.
        state: running; or completed, pruned (cut off early), failed (with `reason`), infeasible (does not fit into memory).
        value: the best value of the monitored figure, in its own units; None where there is none.
        loss: `value` so that smaller is better (engines see only this); None where there is none.
        losses: loss of each epoch, smaller is better.
        best_epoch: counted from 1; None where no epoch has finished.
        figures: of the best epoch, by their names in history.csv.
        reason: why it failed or is infeasible, or was pruned, in words.
        started: time of the first start, ISO 8601 in UTC.
        seconds: of wall-clock time, over all attempts.
        micro_batch_divisor: by which the batch was divided (and its gradients accumulated) to fit into memory.
        deaths: how often a worker died in it.
    """

    number: int
    suggestion: Suggestion
    state: State = "running"
    value: float | None = None
    loss: float | None = None
    losses: tuple[float, ...] = ()
    best_epoch: int | None = None
    figures: dict[str, float] = field(default_factory=dict)
    reason: str = ""
    started: str = ""
    seconds: float = 0.0
    micro_batch_divisor: int = 1
    deaths: int = 0

    @property
    def values(self) -> dict[str, Any]:
        """The suggested values."""
        return self.suggestion.values

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will be learned of it."""
        return self.state in FINISHED
