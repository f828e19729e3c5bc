"""One hyper-parameter of a search, as the tables and plots need it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class SearchDimension:
    """A range or a list of choices; values outside (an older, wider space, the default configuration) are borne.

    Args:
        name: dotted setting name.
        kind: float, int or categorical.
        low, high: ends of a float or int; low <= high.
        log: its logarithm counts evenly; then low > 0.
        choices: of a categorical, built-in types, at least one.
        conditional: whether it counts only beside certain values of others.

    Raises:
        ValueError: the ends or choices are missing or wrong.
    """

    name: str
    kind: Literal["float", "int", "categorical"]
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Any, ...] = ()
    conditional: bool = False

    def __post_init__(self):
        if self.kind == "categorical" and not self.choices:
            raise ValueError(f"{self.name}: a categorical dimension needs at least one choice. Received none.")
        if self.low > self.high or (self.log and self.low <= 0):
            raise ValueError(
                f"{self.name}: expected low <= high, both above 0 for a logarithm. Received: {self.low} to {self.high}."
            )

    @property
    def short_name(self) -> str:
        """The last part of the name, which is unique among all settings."""
        return self.name.rpartition(".")[2]

    @property
    def labels(self) -> list[str]:
        """What the choices are called."""
        return [setting_text(choice) for choice in self.choices]

    def position(self, value: Any) -> float | None:
        """Return where `value` lies between the ends, in [0, 1]; a choice has the middle of its equal part.

        What lies outside comes to the nearer end. None: no number, or no choice of this dimension.
        """
        if self.kind == "categorical":
            texts = [json.dumps(choice) for choice in self.choices]
            return (texts.index(json.dumps(value)) + 0.5) / len(texts) if json.dumps(value) in texts else None
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        low, value, high = self._scaled(self.low), self._scaled(value), self._scaled(self.high)
        return 0.5 if low == high else min(max((value - low) / (high - low), 0.0), 1.0)

    def position_in(self, values: Mapping[str, Any]) -> float | None:
        """Return the position of this dimension's value among all `values` of a trial; None where it did not count."""
        return self.position(values[self.name]) if self.name in values else None

    def _scaled(self, value: float) -> float:
        return math.log(max(value, self.low)) if self.log else value


def setting_text(value: Any) -> str:
    """Return a value as a person writes it: three significant digits (five just below 1), texts without quotes, else JSON."""
    if isinstance(value, float):
        return f"{value:.5g}" if 0.99 < value < 1 else f"{value:.3g}"  # a rate of decay of 0.9996 is none of 1
    return value if isinstance(value, str) else json.dumps(value)
