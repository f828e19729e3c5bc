"""What engines found."""

from dataclasses import dataclass
from math import isfinite
from statistics import mean
from typing import Any


@dataclass(frozen=True)
class EngineScores:
    """Losses that engines met on one objective, smaller is better.

    Args:
        case: the objective.
        losses: for each engine and each seed the loss of every trial in order; None where a trial had none.
        seconds: for each engine the wall-clock seconds of all its suggestions.
        checkpoints: after how many trials the best loss is looked at; rising.
    """

    case: str
    losses: dict[str, tuple[tuple[float | None, ...], ...]]
    seconds: dict[str, float]
    checkpoints: tuple[int, ...]

    def best_after(self, engine: str, trials: int) -> list[float]:
        """Return the best loss of the first `trials` trials for each seed; infinity where none had any."""
        return [min((loss for loss in losses[:trials] if loss is not None), default=float("inf"))
                for losses in self.losses[engine]]

    def seconds_per_suggestion(self, engine: str) -> float:
        """Return the mean seconds of a suggestion."""
        return self.seconds[engine] / sum(len(losses) for losses in self.losses[engine])

    def to_json(self) -> dict[str, Any]:
        """Return everything measured, as built-in types; an infinite loss is null."""
        engines = [
            {
                "name": name, "seconds_per_suggestion": self.seconds_per_suggestion(name),
                "best": [_best_to_json(trials, self.best_after(name, trials)) for trials in self.checkpoints],
            }
            for name in self.losses
        ]
        return {"case": self.case, "unit": "loss", "engines": engines}


def _best_to_json(trials: int, best: list[float]) -> dict[str, Any]:
    middle, *seeds = (value if isfinite(value) else None for value in (mean(best), *best))
    return {"trials": trials, "mean": middle, "seeds": seeds}
