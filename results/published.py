"""What others published of a variant, and what it may be set against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Published:
    """Figures that others found.

    Args:
        accuracy: per cent, by the name of the data that it was measured on.
        gflops: for one picture; None: not told.
        weights: millions; None: not told.
        same_conditions: whether the variant has the model, the classes, their level, the size of pictures and a pretrained or a
            random start as others had them, so that accuracies on the same data may be compared.
    """

    accuracy: Mapping[str, float] = field(default_factory=dict)
    gflops: float | None = None
    weights: float | None = None
    same_conditions: bool = True

    def comparable(self, data: str) -> float | None:
        """Return the accuracy that one measured on `data` may be set against, in per cent; None where there is none."""
        return self.accuracy.get(data) if self.same_conditions else None

    def described(self) -> dict[str, Any]:
        """Return all figures as they stand in comparison.json: `accuracy`, `gflops`, `weights`."""
        return {"accuracy": dict(self.accuracy), "gflops": self.gflops, "weights": self.weights}
