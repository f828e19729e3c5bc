"""In which order an epoch goes through the pictures."""

import numpy as np

from car_classifier.base.seeds import derive_seed


def epoch_order(labels: np.ndarray, *, seed: int, epoch: int, shuffle: bool, balanced: bool) -> np.ndarray:
    """Return the indices of the pictures of one epoch, int64 [N]; a function of the arguments alone.

    Args:
        labels: int32 [N].
        shuffle: a permutation; else 0..N-1.
        balanced: draw each class that is present with equal chance, and its pictures in turn, each as often as the
            others but for one; some pictures then come several times and some not at all.
    """
    if not shuffle:
        return np.arange(len(labels))
    generator = np.random.default_rng(derive_seed(seed, "order", epoch))
    if not balanced:
        return generator.permutation(len(labels))
    drawn = generator.choice(np.unique(labels), size=len(labels))
    order = np.empty(len(labels), np.int64)
    for label in np.unique(drawn):
        places = np.flatnonzero(drawn == label)
        members = generator.permutation(np.flatnonzero(labels == label))
        order[places] = np.resize(members, len(places))
    return order
