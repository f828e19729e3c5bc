"""The place of the true class among all classes, for accuracy and top-k; defined once for training and evaluation."""

import numpy as np


def true_class_ranks(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how many classes are more probable than the true one: 0 is best.

    A picture is right among the best k when its rank is below k. Classes as probable as the true one do not push it
    down (as in Keras' `in_top_k`); a picture with a probability that is not finite gets the worst rank.

    Args:
        probabilities: [N, C].
        labels: true class, integers [N] in [0, C).

    Returns:
        Integers [N] in [0, C].
    """
    true = probabilities[np.arange(len(labels)), labels]
    ranks = np.count_nonzero(probabilities > true[:, None], axis=1)
    if probabilities.size and not np.isfinite(probabilities.max()):
        ranks[~np.isfinite(probabilities).all(axis=1)] = probabilities.shape[1]
    return ranks


def is_correct(probabilities: np.ndarray, labels: np.ndarray, *, ranks: np.ndarray) -> np.ndarray:
    """Return whether the most probable class is the true one: booleans [N]; of equals, the first class is the answer.

    Args:
        probabilities: [N, C].
        labels: true class, integers [N].
        ranks: what `true_class_ranks` answered; a picture with the worst rank is wrong.
    """
    return (probabilities.argmax(axis=1) == labels) & (ranks == 0)
