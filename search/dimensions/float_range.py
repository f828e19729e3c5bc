"""A range of real numbers."""

import math
from typing import Any, Literal

import numpy as np
from pydantic import model_validator

from search.dimensions.dimension import Dimension


class FloatRange(Dimension):
    """All numbers from `low` to `high`, both included; with `log` their logarithms count evenly.

    Args:
        low, high: finite, low <= high; with `log` above 0.
        log: search in the logarithm.
    """

    kind: Literal["float"] = "float"
    low: float
    high: float
    log: bool = False

    @model_validator(mode="after")
    def _check(self) -> "FloatRange":
        if not (self.low <= self.high and math.isfinite(self.high - self.low)):  # nor may the way between them overflow
            raise ValueError(f"a range needs finite ends in rising order. Received: {self.low} to {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic range must lie above 0. Received: {self.low} to {self.high}")
        return self

    @property
    def num_values(self) -> int | None:
        """One where both ends are equal, else not countable."""
        return 1 if self.low == self.high else None

    def contains(self, value: Any) -> bool:
        """Say whether `value` is a number inside."""
        return isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high

    def sample(self, generator: np.random.Generator) -> float:
        """Draw a number."""
        return self.at(float(generator.random()))

    def grid(self, steps: int) -> list[float]:
        """Return `steps` numbers, evenly spaced in the number or its logarithm; one where both ends are equal."""
        if self.low == self.high or steps == 1:
            return [self.low]
        return [self.at(index / (steps - 1)) for index in range(steps)]

    def at(self, share: float) -> float:
        """Return the number at `share`, in [0, 1], of the way from `low` to `high`."""
        if self.log:
            value = self.low ** (1 - share) * self.high**share  # exact at both ends
        else:
            value = self.low * (1 - share) + self.high * share
        return min(max(value, self.low), self.high)  # rounding must not leave the range

    def describe(self) -> str:
        """Return `low:high` or `low:high:log`."""
        return f"{self.low!r}:{self.high!r}" + (":log" if self.log else "")

    def covers(self, other: Dimension) -> bool:
        """Say whether `other` is a range of real numbers inside this one."""
        return isinstance(other, FloatRange) and self.log == other.log and self.low <= other.low and other.high <= self.high
