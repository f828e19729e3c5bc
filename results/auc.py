"""The area under the ROC curve over many classes, and how far other pictures may move it."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


@dataclass(frozen=True)
class Auc:
    """A mean of areas.

    Args:
        area: in [0, 1].
        error: its standard error; None where a class has a single picture, which tells nothing of its spread.
    """

    area: float
    error: float | None

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the interval of the area, symmetric on the scale of log(area / (1 - area)), so that it stays in (0, 1).

        None without an error, and where every class is ranked without a fault: the method cannot see further then.

        Args:
            confidence: in (0, 1).
        """
        if not self.error or not 0 < self.area < 1:
            return None
        half = NormalDist().inv_cdf((1 + confidence) / 2) * self.error / (self.area * (1 - self.area))
        middle = math.log(self.area / (1 - self.area))
        low, high = (1 / (1 + math.exp(-end)) for end in (middle - half, middle + half))
        return low, high


def macro_auc(labels: np.ndarray, probabilities: np.ndarray) -> Auc | None:
    """Return the area of one class against the rest, mean over the classes with pictures of both; None without any.

    Areas come from ranks (Mann-Whitney's U). The error is DeLong's: what each picture contributes to its own class and to
    all others is added up first, so that the dependence between classes counts. It costs three sorts per class, where a
    bootstrap would sort each class a thousand times.

    Args:
        labels: true class, integers [N] in [0, C).
        probabilities: [N, C].

    References: E. DeLong, D. DeLong, D. Clarke-Pearson, Comparing the areas under two or more correlated receiver
    operating characteristic curves, Biometrics 44, 1988; for the scale of the interval M. Pepe, The Statistical Evaluation
    of Medical Tests for Classification and Prediction, 2003, section 5.2.
    """
    classes, counts = np.unique(labels, return_counts=True)
    if len(classes) < 2:
        return None
    areas, pull = [], np.zeros(len(labels))
    for place in classes:
        is_own = labels == place
        own, others = _shares_ranked_rightly(probabilities[:, place], is_own)
        areas.append(own.mean())
        pull[is_own] += _deviations(own)
        pull[~is_own] += _deviations(others)
    error = float(np.sqrt((pull**2).sum())) / len(classes) if counts.min() > 1 else None
    return Auc(float(np.mean(areas)), error)


def _shares_ranked_rightly(values: np.ndarray, is_own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each picture of a class the share of all others below it, and for each other the share of the class above it."""
    from scipy.stats import rankdata

    ranks, num_own = rankdata(values), int(is_own.sum())
    below = (ranks[is_own] - rankdata(values[is_own])) / (len(values) - num_own)
    above = 1 - (ranks[~is_own] - rankdata(values[~is_own])) / num_own
    return below, above


def _deviations(shares: np.ndarray) -> np.ndarray:
    """Deviations from the mean whose squares add up to its squared standard error."""
    return (shares - shares.mean()) / math.sqrt(len(shares) * max(len(shares) - 1, 1))
