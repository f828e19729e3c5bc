"""What two sides took, measured in turns."""

from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Comparison:
    """Speeds of two sides; their ratio is taken within each round, so that a slow moment of the machine weighs on both.

    Args:
        case: what was measured.
        names: of the two sides.
        speeds: for each side its speed in every round, in pictures per second.
        cpu_seconds: for each side what all its threads together took of the processors in every round; unlike the speed
            it hardly depends on what else the machine does.
        pictures: per round and side.

    Raises:
        ValueError: there are not two sides with as many rounds each, at least one.
    """

    case: str
    names: tuple[str, str]
    speeds: tuple[tuple[float, ...], tuple[float, ...]]
    cpu_seconds: tuple[tuple[float, ...], tuple[float, ...]]
    pictures: int

    def __post_init__(self):
        counts = [len(values) for values in (*self.speeds, *self.cpu_seconds)]
        if len(self.names) != 2 or len(counts) != 4 or len(set(counts)) != 1 or not counts[0]:
            raise ValueError(f"Expected two sides with as many rounds each, at least one. Received: {self.names}, {counts}.")

    @property
    def medians(self) -> tuple[float, float]:
        """Median speed of each side."""
        return median(self.speeds[0]), median(self.speeds[1])

    @property
    def cpu_per_picture(self) -> tuple[float, float]:
        """Median CPU seconds per picture of each side."""
        return median(self.cpu_seconds[0]) / self.pictures, median(self.cpu_seconds[1]) / self.pictures

    @property
    def ratios(self) -> tuple[float, ...]:
        """Speed of the first side divided by that of the second, round by round."""
        return tuple(first / second for first, second in zip(*self.speeds, strict=True))

    def to_json(self) -> dict[str, Any]:
        """Return everything measured, as built-in types."""
        sides = [
            {"name": name, "median": middle, "speeds": list(speeds), "cpu_seconds_per_picture": cpu}
            for name, middle, speeds, cpu in zip(self.names, self.medians, self.speeds, self.cpu_per_picture, strict=True)
        ]
        ratio = {"median": median(self.ratios), "min": min(self.ratios), "max": max(self.ratios)}
        return {"case": self.case, "unit": "pictures/s", "pictures": self.pictures, "sides": sides, "ratio": ratio}
