"""A list of choices."""

import json
import re
from typing import Any, Literal

import numpy as np
from pydantic import field_validator

from search.dimensions.dimension import Dimension, is_among


class Categorical(Dimension):
    """One of several choices without an order.

    Args:
        choices: texts, numbers, booleans, None, or lists of these; no two alike.
    """

    kind: Literal["categorical"] = "categorical"
    choices: tuple[Any, ...]

    @field_validator("choices")
    @classmethod
    def _check(cls, choices: tuple[Any, ...]) -> tuple[Any, ...]:
        texts = [_exact(choice) for choice in choices]
        if not choices or len(set(texts)) < len(texts):
            raise ValueError(f"choices must be at least one, and no two alike. Received: {list(choices)}")
        return tuple(json.loads(text) for text in texts)

    @property
    def num_values(self) -> int:
        """How many choices there are."""
        return len(self.choices)

    def index(self, value: Any) -> int:
        """Return the place of a choice.

        Raises:
            ValueError: it is none.
        """
        return [json.dumps(choice) for choice in self.choices].index(json.dumps(value))

    def contains(self, value: Any) -> bool:
        """Say whether `value` is one of the choices; 1, 1.0 and True are three different ones."""
        return is_among(value, self.choices)

    def sample(self, generator: np.random.Generator) -> Any:
        """Draw a choice."""
        return self.choices[int(generator.integers(len(self.choices)))]

    def grid(self, steps: int) -> list[Any]:
        """Return all choices."""
        return list(self.choices)

    def describe(self) -> str:
        """Return the choices with "|" between them."""
        return "|".join(map(_described, self.choices))

    def covers(self, other: Dimension) -> bool:
        """Say whether `other` has no choice that this one lacks."""
        return isinstance(other, Categorical) and all(self.contains(choice) for choice in other.choices)


def _exact(choice: Any) -> str:
    try:
        return json.dumps(choice, allow_nan=False)
    except TypeError as error:
        raise ValueError(f"choices must be texts, numbers, booleans, None, or lists of these. Received: {choice!r}") from error


def _described(choice: Any) -> str:
    """Return a text as it is, or in quotation marks where it would be taken for something else."""
    if isinstance(choice, str) and re.fullmatch(r"[^\W\d][\w .+-]*(?<! )", choice) and choice not in ("null", "true", "false"):
        return choice
    return json.dumps(choice)
