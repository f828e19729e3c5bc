"""Which classes are taken for each other most often, and which are answered for many."""

from collections.abc import Sequence
from typing import Any

import numpy as np

NUM_PAIRS = 20
MANY = 5  # classes; a class answered for so many others is a habit of the model, not a likeness of two classes


def most_confused(matrix: np.ndarray, class_names: Sequence[str], *, num_pairs: int = NUM_PAIRS) -> list[dict[str, Any]]:
    """Return the pairs of classes with most mistakes, both directions counted together, worst first.

    Of equal pairs the one with the larger share of its pictures comes first.

    Args:
        matrix: counts, integers [C, C]; rows are true classes.
        class_names: C names.
        num_pairs: at most this many.

    Returns:
        Per pair `true` and `predicted` in the direction of more mistakes, `count` of these, and `back`: mistakes in the
        other direction.
    """
    first, second = np.triu_indices(len(matrix), 1)
    mistakes = matrix[first, second] + matrix[second, first]
    totals = matrix.sum(axis=1)
    shares = mistakes / np.maximum(totals[first] + totals[second], 1)
    order = np.lexsort((-shares, -mistakes))[:num_pairs]
    pairs = []
    for one, other in zip(first[order].tolist(), second[order].tolist()):
        if matrix[one, other] < matrix[other, one]:
            one, other = other, one
        if matrix[one, other]:
            pairs.append({"true": class_names[one], "predicted": class_names[other],
                          "count": int(matrix[one, other]), "back": int(matrix[other, one])})
    return pairs


def answered_for_many(matrix: np.ndarray, class_names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the classes that took more than a third of the pictures of five or more others, of most classes first.

    Args:
        matrix, class_names: as for `most_confused`.

    Returns:
        Per class `predicted`, its name; `true`, the names of the others; `total`, the pictures of these, and `count`: how
        many of them were taken for it.
    """
    totals = matrix.sum(axis=1)
    taken = 3 * matrix > totals[:, None]
    np.fill_diagonal(taken, False)
    found = [(column, np.flatnonzero(taken[:, column])) for column in np.flatnonzero(taken.sum(axis=0) >= MANY)]
    return [
        {"predicted": class_names[column], "true": [class_names[row] for row in rows],
         "count": int(matrix[rows, column].sum()), "total": int(totals[rows].sum())}
        for column, rows in sorted(found, key=lambda pair: -len(pair[1]))
    ]
