"""What every kind of range offers."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field


class Dimension(BaseModel, ABC):
    """The values that one hyper-parameter may take, and when it counts.

    Args:
        when: name of an earlier dimension to the values under which this one is active; all must hold. Empty: always.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: dict[str, tuple[Any, ...]] = Field(default_factory=dict)

    @property
    @abstractmethod
    def num_values(self) -> int | None:
        """Number of values; None when they are not countable."""

    @abstractmethod
    def contains(self, value: Any) -> bool:
        """Say whether `value` lies inside; of another type it does not."""

    @abstractmethod
    def sample(self, generator: np.random.Generator) -> Any:
        """Draw a value, as a plain Python type; logarithmic ranges uniformly in the logarithm."""

    @abstractmethod
    def grid(self, steps: int) -> list[Any]:
        """Return at most `steps` values from end to end, as plain Python types; all of them where they are fewer."""

    @abstractmethod
    def describe(self) -> str:
        """Return the range as `--range` takes it: `1e-05:0.01:log`, `16|32|64`."""

    @abstractmethod
    def covers(self, other: "Dimension") -> bool:
        """Say whether every value of `other`, of the same kind, lies inside: a search may only grow."""


def is_among(value: Any, values: Iterable[Any]) -> bool:
    """Say whether `value` is one of `values`; 1, 1.0 and True are three different ones."""
    return json.dumps(value) in map(json.dumps, values)
