"""What to say of a picture: its class, or, when that is not sure enough, a group that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from results.hierarchy import Hierarchy


@dataclass(frozen=True)
class Answer:
    """A class or a group.

    Args:
        level: "class", or the name of the group's level.
        name: of the class or the group.
        probability: calibrated; of a group the sum over its classes.
    """

    level: str
    name: str
    probability: float


def find_answer(
    probabilities: np.ndarray, class_names: Sequence[str], *, hierarchy: Hierarchy | None, certainty: float
) -> Answer | None:
    """Return the most probable class, else the most probable group of the finest level, that is sure enough; or None.

    Args:
        probabilities: calibrated, [C].
        class_names: C names.
        hierarchy: its `answers` are tried in their order; None: only classes are.
        certainty: least probability of an answer, in [0, 1].
    """
    best = int(probabilities.argmax())
    if probabilities[best] >= certainty:
        return Answer("class", class_names[best], float(probabilities[best]))
    for level in hierarchy.answers if hierarchy is not None else ():
        names, sums = hierarchy.group(level, probabilities)
        best = int(sums.argmax())
        if sums[best] >= certainty:
            return Answer(level, names[best], float(sums[best]))
    return None
