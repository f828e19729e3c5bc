"""A range of whole numbers."""

import math
from typing import Any, Literal

import numpy as np
from pydantic import model_validator

from search.dimensions.dimension import Dimension

LARGEST = 2**53  # beyond it, numbers with a point skip whole ones


class IntRange(Dimension):
    """All whole numbers from `low` to `high`, both included; with `log` their logarithms count evenly.

    Args:
        low, high: low <= high; with `log` above 0.
        log: search in the logarithm.
    """

    kind: Literal["int"] = "int"
    low: int
    high: int
    log: bool = False

    @model_validator(mode="after")
    def _check(self) -> "IntRange":
        if self.low > self.high:
            raise ValueError(f"a range needs ends in rising order. Received: {self.low} to {self.high}")
        if max(abs(self.low), abs(self.high)) > LARGEST:
            raise ValueError(f"a range of whole numbers must lie within ±2**53. Received: {self.low} to {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic range must lie above 0. Received: {self.low} to {self.high}")
        return self

    @property
    def num_values(self) -> int:
        """How many numbers there are."""
        return self.high - self.low + 1

    def contains(self, value: Any) -> bool:
        """Say whether `value` is a whole number inside."""
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high

    def sample(self, generator: np.random.Generator) -> int:
        """Draw a number."""
        return self.at(float(generator.random()))

    def grid(self, steps: int) -> list[int]:
        """Return at most `steps` different numbers, evenly spaced in the number or its logarithm."""
        if steps >= self.num_values:
            return list(range(self.low, self.high + 1))
        return [self.low] if steps == 1 else sorted({self.at(index / (steps - 1)) for index in range(steps)})

    def at(self, share: float) -> int:
        """Return the number at `share`, in [0, 1], of the way; each has an equal part of the way, or of its logarithm."""
        low, high = self.low - 0.5, self.high + 0.5
        if self.log:
            value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        else:
            value = low + share * (high - low)
        return min(max(round(value), self.low), self.high)

    def describe(self) -> str:
        """Return `low:high` or `low:high:log`."""
        return f"{self.low}:{self.high}" + (":log" if self.log else "")

    def covers(self, other: Dimension) -> bool:
        """Say whether `other` is a range of whole numbers inside this one."""
        return isinstance(other, IntRange) and self.log == other.log and self.low <= other.low and other.high <= self.high
