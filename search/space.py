"""All hyper-parameters that a search may vary."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from search.dimensions.categorical import Categorical
from search.dimensions.dimension import is_among
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange

AnyDimension = Annotated[FloatRange | IntRange | Categorical, Field(discriminator="kind")]


class Space(BaseModel):
    """Dimensions by dotted setting name, in a fixed order.

    Args:
        dimensions: by name; a condition names an earlier one. Without any there is one configuration only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dimensions: dict[str, AnyDimension]

    @model_validator(mode="after")
    def _conditions_name_earlier_dimensions(self) -> "Space":
        earlier: set[str] = set()
        for name, dimension in self.dimensions.items():
            for other, values in dimension.when.items():
                if other not in earlier:
                    raise ValueError(f"{name}: its condition names {other!r}, which is no earlier dimension")
                outside = [value for value in values if not self.dimensions[other].contains(value)]
                if outside:
                    raise ValueError(f"{name}: its condition asks for {other}={outside[0]!r}, which {other} never is")
            earlier.add(name)
        return self

    def is_active(self, name: str, values: Mapping[str, Any]) -> bool:
        """Say whether the dimension `name` counts beside `values` of the earlier ones."""
        conditions = self.dimensions[name].when.items()
        return all(other in values and is_among(values[other], allowed) for other, allowed in conditions)

    def active(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of `values` that belong to active dimensions, in the order of the space."""
        kept: dict[str, Any] = {}
        for name in self.dimensions:
            if name in values and self.is_active(name, kept):
                kept[name] = values[name]
        return kept

    def contains(self, values: Mapping[str, Any]) -> bool:
        """Say whether `values` hold exactly the active dimensions, each inside its range."""
        expected = {name for name in self.dimensions if self.is_active(name, values)}
        return set(values) == expected and all(self.dimensions[name].contains(value) for name, value in values.items())

    def sample(self, generator: np.random.Generator) -> dict[str, Any]:
        """Draw values of all active dimensions."""
        values: dict[str, Any] = {}
        for name, dimension in self.dimensions.items():
            if self.is_active(name, values):
                values[name] = dimension.sample(generator)
        return values

    def lost(self, earlier: "Space") -> list[str]:
        """Return in words what of `earlier` this space lacks; nothing where it is the same, or `earlier` grown.

        A space grows by wider ranges, further choices, and dimensions that only count beside values which are new: all
        that was tried in `earlier` then lies in this space, too.
        """
        lost = [f"{name}: not searched any more" for name in earlier.dimensions if name not in self.dimensions]
        for name, dimension in self.dimensions.items():
            before = earlier.dimensions.get(name)
            if before is None and not self._counts_beside_new_values_only(name, earlier):
                lost.append(f"{name}: was not searched before")
            elif before is not None and not dimension.covers(before):
                lost.append(f"{name}: {before.describe()} there, {dimension.describe()} asked for")
            elif before is not None and self._known_conditions(name, earlier) != earlier._known_conditions(name, earlier):
                lost.append(f"{name}: counted under other conditions before")
        return lost

    def _counts_beside_new_values_only(self, name: str, earlier: "Space") -> bool:
        return any(other in earlier.dimensions and not known for other, known in self._known_conditions(name, earlier).items())

    def _known_conditions(self, name: str, earlier: "Space") -> dict[str, set[str]]:
        """Return the conditions of `name`, as far as they speak of values that `earlier` has."""
        return {
            other: {json.dumps(value) for value in values if _has(earlier, other, value)}
            for other, values in self.dimensions[name].when.items()
        }


def _has(space: Space, name: str, value: Any) -> bool:
    return name in space.dimensions and space.dimensions[name].contains(value)
