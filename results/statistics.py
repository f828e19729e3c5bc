"""How far a figure may be from what other pictures of the same kind would have given."""

import math
from statistics import NormalDist

import numpy as np

FEWEST = 10  # right and wrong answers from which on a bootstrap of their share is trusted
_DRAWS_AT_ONCE = 2**20  # indices drawn at a time: 8 MB


def bootstrap_interval(
    values: np.ndarray, *, seed: int, confidence: float = 0.95, num_resamples: int = 10_000
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean of `values`.

    Values of 0 and 1 alone (right or wrong) are resampled by drawing the number of ones from a binomial distribution:
    drawing N times with replacement and adding up has exactly that distribution. Other values are drawn one by one, in
    pieces of bounded memory. When all values are equal the interval is that one value: the method cannot see further.
    For shares of right answers see `accuracy_interval`.

    Args:
        values: [N] numbers or booleans, N at least 1.
        seed: of the resampling.
        confidence: share of resamples inside the interval, in (0, 1).
        num_resamples: at least 1.

    Returns:
        The lower and the upper end.

    Raises:
        ValueError: there are no values, or `confidence` is not in (0, 1).

    Reference: B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"`values` must be a vector with at least one value. Received the shape {values.shape}.")
    if not 0 < confidence < 1:
        raise ValueError(f"`confidence` must be in (0, 1), such as 0.95. Received: {confidence}.")
    generator = np.random.default_rng(seed)
    if np.isin(values, (0.0, 1.0)).all():
        means = generator.binomial(values.size, values.mean(), size=num_resamples) / values.size
    else:
        means = _resampled_means(values, generator, num_resamples=num_resamples)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def wilson_interval(num_right: int, num_pictures: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a share, which has a width also where all answers are right or all are wrong.

    Args:
        num_right: in [0, num_pictures].
        num_pictures: at least 1.
        confidence: in (0, 1).

    Reference: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927; in the
    form of L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16, 2001.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = num_right / num_pictures, z**2 / num_pictures
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(share * (1 - share) / num_pictures + weight / (4 * num_pictures))
    return max(0.0, middle - half), min(1.0, middle + half)


def accuracy_interval(correct: np.ndarray, *, seed: int) -> tuple[float, float, str]:
    """Return the 95 % interval of the share of right answers and its method.

    That is "bootstrap", or "wilson" where fewer than `FEWEST` answers are right or fewer are wrong: a bootstrap is too
    narrow then, and says that nothing else is possible where all are alike.

    Args:
        correct: booleans [N], N at least 1.
        seed: of the bootstrap.
    """
    num_right = int(correct.sum())
    if min(num_right, correct.size - num_right) < FEWEST:
        return *wilson_interval(num_right, correct.size), "wilson"
    return *bootstrap_interval(correct, seed=seed), "bootstrap"


def _resampled_means(values: np.ndarray, generator: np.random.Generator, *, num_resamples: int) -> np.ndarray:
    means = np.empty(num_resamples)
    step = max(1, _DRAWS_AT_ONCE // values.size)
    for start in range(0, num_resamples, step):
        piece = means[start : start + step]
        piece[:] = values[generator.integers(0, values.size, size=(len(piece), values.size))].mean(axis=1)
    return means
