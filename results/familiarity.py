"""Whether a picture looks like those that a model was trained on, or like something else altogether."""

import math

import numpy as np

FALSE_ALARMS = 0.05  # share of familiar pictures that are called unknown
NUM_DIRECTIONS = 16
NEVER = -1.0  # no cosine is less


def fit_directions(features: np.ndarray, *, seed: int) -> np.ndarray:
    """Return the directions around which the features gather: float64 [K, F] of length 1, K at most `NUM_DIRECTIONS`.

    Args:
        features: [N, F], what the last layer sees of pictures that the network has not trained on, N at least 1.
        seed: of k-means.
    """
    from sklearn.cluster import KMeans

    directions = _of_length_one(features)
    count = min(NUM_DIRECTIONS, len(np.unique(directions, axis=0)))
    return _of_length_one(KMeans(count, n_init=1, random_state=seed).fit(directions).cluster_centers_)


def familiarity(features: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return the cosine of the angle between each picture's features and the nearest direction, float64 [N].

    Args:
        features: [N, F].
        directions: what `fit_directions` answered.
    """
    return (_of_length_one(features) @ np.asarray(directions).T).max(axis=1)


def unknown_limit(features: np.ndarray, *, seed: int) -> float:
    """Return the familiarity below which a picture is called unknown: so are at most `FALSE_ALARMS` of pictures like these.

    It is that of rank ⌊(N + 1) · `FALSE_ALARMS`⌋ from below, as in conformal prediction; fewer pictures than it takes for
    rank 1, 19, promise nothing, and then no picture is called unknown.
    Each half is measured by directions from the other half: a picture lies nearer to directions that it took part in.

    Args:
        features: [N, F], N at least 2.
        seed: of k-means.
    """
    halves = features[::2], features[1::2]
    found = [familiarity(one, fit_directions(other, seed=seed)) for one, other in (halves, halves[::-1])]
    rank = math.floor((len(features) + 1) * FALSE_ALARMS + 1e-9)  # 0.05 · 20 is 1, whatever binary fractions make of it
    return float(np.sort(np.concatenate(found))[rank - 1]) if rank else NEVER


def _of_length_one(vectors: np.ndarray) -> np.ndarray:
    vectors = np.asarray(vectors, np.float64)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), np.finfo(np.float64).tiny)
