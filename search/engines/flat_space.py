"""A space as libraries without conditions see it."""

from collections.abc import Mapping
from typing import Any

from search.dimensions.categorical import Categorical
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange
from search.space import Space


class FlatSpace:
    """Rows of numbers by name, one for every dimension that has more than one value, whether it is active or not.

    A choice is its index. A dimension that is not active rests in its middle, so that all configurations without it look
    alike; what a library proposes there is dropped.

    Args:
        space: what is seen.
    """

    def __init__(self, space: Space):
        self._space = space
        self.dimensions = {name: dimension for name, dimension in space.dimensions.items() if dimension.num_values != 1}

    def to_row(self, values: Mapping[str, Any]) -> dict[str, float | int]:
        """Return active `values` as a row: name to number, in the order of the dimensions."""
        return {
            name: _to_number(dimension, values[name]) if name in values else _middle(dimension)
            for name, dimension in self.dimensions.items()
        }

    def to_values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of active dimensions, as plain Python types; what lies just outside a range is moved in.

        Args:
            row: name to number for all dimensions; other names are left out.
        """
        values = {
            name: _to_value(dimension, row[name]) if name in self.dimensions else dimension.grid(1)[0]
            for name, dimension in self._space.dimensions.items()
        }
        return self._space.active(values)


def _to_number(dimension: FloatRange | IntRange | Categorical, value: Any) -> float | int:
    if isinstance(dimension, Categorical):
        return dimension.index(value)
    return float(value) if isinstance(dimension, FloatRange) else value


def _middle(dimension: FloatRange | IntRange | Categorical) -> float | int:
    return 0 if isinstance(dimension, Categorical) else dimension.at(0.5)


def _to_value(dimension: FloatRange | IntRange | Categorical, number: Any) -> Any:
    if isinstance(dimension, Categorical):
        return dimension.choices[int(number)]
    number = float(number) if isinstance(dimension, FloatRange) else int(number)
    return min(max(number, dimension.low), dimension.high)
