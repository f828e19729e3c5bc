"""How much of a calibration error is chance."""

from dataclasses import dataclass

import numpy as np

from results.calibration import bins_of_confidence
from results.ranks import is_correct, true_class_ranks

NUM_RESAMPLES = 1000
_LEVEL = 0.05


@dataclass(frozen=True)
class CalibrationChance:
    """What other pictures might have made of an expected calibration error.

    Args:
        low, high: its 95 % interval.
        perfect: what perfect probabilities of as many pictures show on average: chance alone leaves a gap in every bin.
    """

    low: float
    high: float
    perfect: float


def calibration_chance(labels: np.ndarray, probabilities: np.ndarray, *, seed: int) -> CalibrationChance:
    """Return the interval of the expected calibration error, and what perfect probabilities would show.

    The error adds up sizes of gaps, so chance makes it too large, and a resample is too large twice: an interval of
    resamples can miss the truth every time. So the lower end is the error less what chance alone adds to perfect
    probabilities in 97.5 of 100 cases (a sum of sizes is at most the sum of the true gaps' and chance's), and the upper end
    is as far above the error as the resamples' is above their mean. In simulations of 100 to 10,000 pictures 97 to 100 of
    100 such intervals held the truth; of plain intervals of resamples 0 to 95.

    Args:
        labels: true class, integers [N], N at least 1.
        probabilities: [N, C].
        seed: of the resampling.

    Reference: J. Bröcker, L. Smith, Increasing the reliability of reliability diagrams, Weather and Forecasting 22, 2007
    (answers drawn from the probabilities).
    """
    generator = np.random.default_rng(seed)
    correct = is_correct(probabilities, labels, ranks=true_class_ranks(probabilities, labels))
    confidences = probabilities.max(axis=1).astype(np.float64)
    bins, gaps = bins_of_confidence(confidences), correct - confidences
    error, count = _error(bins, gaps), len(gaps)
    resampled, perfect = np.empty(NUM_RESAMPLES), np.empty(NUM_RESAMPLES)
    for number in range(NUM_RESAMPLES):
        draw = generator.integers(0, count, size=count)
        resampled[number] = _error(bins[draw], gaps[draw])
        perfect[number] = _error(bins, (generator.random(count) < confidences) - confidences)
    low = max(0.0, error - np.quantile(perfect, 1 - _LEVEL / 2))
    high = min(1.0, error + np.quantile(resampled, 1 - _LEVEL / 2) - resampled.mean())
    return CalibrationChance(float(low), float(high), float(perfect.mean()))


def _error(bins: np.ndarray, gaps: np.ndarray) -> float:
    """The expected calibration error from the gap between answer (0 or 1) and confidence of each picture."""
    return float(np.abs(np.bincount(bins, gaps)).sum() / len(gaps))
