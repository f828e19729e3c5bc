"""One trial of a search, as the tables and plots need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

STATES = ("completed", "pruned", "failed", "infeasible", "running")


@dataclass(frozen=True)
class SearchTrial:
    """What is known of one trial.

    Args:
        number: from 0, in the order of start.
        state: one of STATES.
        values: dotted setting name to value, of the dimensions that counted.
        value: the best value of the monitored figure; None where there is none.
        curve: the monitored figure after each epoch.
        best_epoch: counted from 1.
        figures: of the best epoch, by their names in history.csv.
        reason: why it was pruned, failed or is infeasible, in words.
        started: ISO 8601 with its zone; empty where it is not known.
        seconds: of wall-clock time.
        micro_batch_divisor: by which the batch was divided to fit into memory.

    Raises:
        ValueError: the state is unknown.
    """

    number: int
    state: Literal["completed", "pruned", "failed", "infeasible", "running"]
    values: Mapping[str, Any]
    value: float | None = None
    curve: tuple[float, ...] = ()
    best_epoch: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""
    started: str = ""
    seconds: float = 0.0
    micro_batch_divisor: int = 1

    def __post_init__(self):
        if self.state not in STATES:
            raise ValueError(f"`state` must be one of {', '.join(STATES)}. Received: {self.state!r}.")

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will be learned of it."""
        return self.state != "running"

    @property
    def start(self) -> datetime | None:
        """When it started; None where that is not known."""
        if not self.started:
            return None
        moment = datetime.fromisoformat(self.started)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
