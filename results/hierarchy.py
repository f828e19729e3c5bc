"""Groups of classes, such as the makes of cars: how often at least the group is right, and what to answer when unsure."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from results.statistics import accuracy_interval


@dataclass(frozen=True)
class Hierarchy:
    """Levels of groups above the classes.

    Args:
        levels: name of the level -> name of the group of each class, in the order of the classes.
        answers: the levels that may stand in for a class when a model is unsure, finest first.
    """

    levels: dict[str, tuple[str, ...]]
    answers: tuple[str, ...]

    def group(self, level: str, probabilities: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the names of a level's G groups and their probabilities: sums over their classes.

        Args:
            level: one of `levels`.
            probabilities: [N, C] or [C].

        Returns:
            G names in the order of their first class, and float64 [N, G] or [G].
        """
        names, members = self._members[level]
        return names, np.asarray(probabilities, np.float64) @ members

    @cached_property
    def _members(self) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
        """Per level the names of its groups and which class belongs to which, float64 [C, G]."""
        names = {level: tuple(dict.fromkeys(groups)) for level, groups in self.levels.items()}
        return {level: (names[level], np.array([[group == name for name in names[level]] for group in groups], np.float64))
                for level, groups in self.levels.items()}


def level_figures(
    hierarchy: Hierarchy, labels: np.ndarray, probabilities: np.ndarray, *, seed: int
) -> list[dict[str, Any]]:
    """Return per level `name`, `num_groups`, `accuracy`, `accuracy_low` and `accuracy_high` (95 %).

    The answer at a level is the group of highest probability; it need not be the group of the most probable class.

    Args:
        labels: true class, integers [N], N at least 1.
        probabilities: [N, C].
        seed: of the bootstrap.
    """
    rows = []
    for level, groups in hierarchy.levels.items():
        names, sums = hierarchy.group(level, probabilities)
        truth = np.array([names.index(group) for group in groups])[labels]
        correct = sums.argmax(axis=1) == truth
        low, high, _ = accuracy_interval(correct, seed=seed)
        rows.append({"name": level, "num_groups": len(names), "accuracy": float(correct.mean()),
                     "accuracy_low": low, "accuracy_high": high})
    return rows
