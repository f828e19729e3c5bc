"""All hyper-parameters that a search may vary."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from search.dimensions.categorical import Categorical
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange

AnyDimension = Annotated[FloatRange | IntRange | Categorical, Field(discriminator="kind")]


class Space(BaseModel):
    """Dimensions by dotted setting name, in a fixed order.

    Args:
        dimensions: at least one; a condition names an earlier one.
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
        return all(other in values and values[other] in allowed for other, allowed in conditions)

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
