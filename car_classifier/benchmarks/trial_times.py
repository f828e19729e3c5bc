"""What the trials of a search took on several sides."""

from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class TrialTimes:
    """Seconds per trial of sides that ran the same trials in turns; ratios are taken trial by trial.

    Args:
        case: what was searched.
        seconds: for each side the wall-clock seconds of every trial, in the same order; the first side is ours.
        epochs: of every trial.
        pictures: of one epoch, training and validation.
        features_seconds: what it took to make the features of the frozen backbone, once per search and counted in no trial.

    Raises:
        ValueError: the sides do not have as many trials each, at least one.
    """

    case: str
    seconds: dict[str, tuple[float, ...]]
    epochs: int
    pictures: int
    features_seconds: float

    def __post_init__(self):
        counts = {len(values) for values in self.seconds.values()}
        if len(counts) != 1 or 0 in counts:
            raise ValueError(f"Expected sides with as many trials each, at least one. Received: {self.seconds}.")

    def ratios(self, name: str) -> tuple[float, ...]:
        """Return seconds of the side `name` divided by those of the first side, trial by trial."""
        first = next(iter(self.seconds.values()))
        return tuple(own / ours for own, ours in zip(self.seconds[name], first, strict=True))

    def to_json(self) -> dict[str, Any]:
        """Return everything measured, as built-in types."""
        sides = [
            {"name": name, "median": median(values), "seconds": list(values), "ratio": median(self.ratios(name))}
            for name, values in self.seconds.items()
        ]
        return {
            "case": self.case, "unit": "s/trial", "epochs": self.epochs, "pictures": self.pictures,
            "features_seconds": self.features_seconds, "sides": sides,
        }
