"""What a search looks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search.space import Space


@dataclass(frozen=True)
class Problem:
    """What is varied and what is trained.

    Args:
        space: what may vary.
        default_values: of trial 0, dotted setting name to value.
        objective: "module:attribute" of an `Objective`.
        job: what all trials share, built-in types; given to the objective.
        batch_size: of trials whose values name none.
        epochs: most epochs of a trial, those of a head that is trained first left out.
    """

    space: Space
    default_values: dict[str, Any]
    objective: str
    job: dict[str, Any]
    batch_size: int
    epochs: int

    def batch_size_of(self, values: Mapping[str, Any]) -> int:
        """Return how many pictures a step of a trial takes, before its batch is divided."""
        return int(values.get("training.batch_size", self.batch_size))
