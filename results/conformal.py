"""Sets of classes that hold the true one with a chosen probability (split conformal prediction)."""

import math
from collections.abc import Sequence

import numpy as np

MOST_SCORES = 1000  # scores that are kept; of more, evenly spaced ones


def calibration_scores(labels: np.ndarray, probabilities: np.ndarray) -> list[float]:
    """Return the scores of pictures that a network has not trained on, ascending: 1 - probability of the true class.

    Of more than `MOST_SCORES` pictures as many order statistics are kept, at evenly spaced ranks, the largest among them.

    Args:
        labels: true class, integers [N], N at least 1.
        probabilities: calibrated, [N, C].
    """
    scores = np.sort(1 - np.asarray(probabilities, np.float64)[np.arange(len(labels)), labels])
    if len(scores) > MOST_SCORES:
        scores = scores[_kept_ranks(len(scores)) - 1]
    return scores.tolist()


def set_limit(scores: Sequence[float], num_pictures: int, coverage: float) -> float:
    """Return the largest score that a class of the set may have; infinite where so few pictures promise nothing.

    The score has the rank ⌈(N + 1) · coverage⌉ among those of the N pictures; where that one was not kept the next larger one,
    which makes sets larger, never less sure.

    Args:
        scores: what `calibration_scores` answered.
        num_pictures: N.
        coverage: in (0, 1).

    Reference: A. Angelopoulos, S. Bates, A gentle introduction to conformal prediction, 2021, section 1.
    """
    rank = math.ceil((num_pictures + 1) * coverage - 1e-9)  # 0.9 · 10 is 9, whatever binary fractions make of it
    if rank > num_pictures:
        return math.inf
    place = rank - 1 if num_pictures <= MOST_SCORES else int(np.searchsorted(_kept_ranks(num_pictures), rank))
    return scores[place]


def prediction_sets(probabilities: np.ndarray, limit: float) -> np.ndarray:
    """Return which classes belong to the set of each picture, booleans [N, C]; the most probable one always does.

    Over many pictures like those of validation, the share of sets that hold the true class is at least the coverage of
    `limit`. Of a single class or of easy and difficult pictures apart nothing is promised.

    Args:
        probabilities: calibrated, [N, C].
        limit: what `set_limit` answered.
    """
    members = 1 - np.asarray(probabilities, np.float64) <= limit
    members[np.arange(len(members)), probabilities.argmax(axis=1)] = True
    return members


def _kept_ranks(num_pictures: int) -> np.ndarray:
    return np.ceil(np.arange(1, MOST_SCORES + 1) * num_pictures / MOST_SCORES).astype(np.int64)
