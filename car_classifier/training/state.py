"""Where a training stands, apart from the weights."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class TrainingState:
    """What, together with the arrays, an interrupted training needs to go on as if nothing had happened.

    Args:
        phase: number of the running phase, from 0.
        batch: batches of the running epoch that are done.
        updates: updates of the weights within the phase.
        rows: one per finished epoch of all phases: the columns of history.csv and `plateau_factor`.
        best_epochs: for each finished phase, the best epoch so far, counted from 1 over all phases.
        callbacks: what each callback remembers.
        running: what the metrics of the running epoch have counted.
        clocks: seconds, CPU seconds and seconds of waiting for data of the running epoch.
    """

    phase: int = 0
    batch: int = 0
    updates: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    best_epochs: list[int] = field(default_factory=list)
    callbacks: dict[str, dict] = field(default_factory=dict)
    running: dict[str, Any] | None = None
    clocks: dict[str, float] = field(default_factory=lambda: {"seconds": 0.0, "cpu_seconds": 0.0, "wait": 0.0})

    def to_json(self) -> dict[str, Any]:
        """Return the state as built-in types."""
        return asdict(self)

    @property
    def epoch(self) -> int:
        """Number of finished epochs of all phases; the running epoch's number, from 0."""
        return len(self.rows)

    def epochs_of(self, phase_name: str) -> int:
        """Return how many epochs of a phase are finished."""
        return sum(row["phase"] == phase_name for row in self.rows)
