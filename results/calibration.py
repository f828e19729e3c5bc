"""Whether a model that says 80 % is right in 80 % of such cases, and the temperature that makes it so."""

from dataclasses import dataclass

import numpy as np

from results.ranks import is_correct, true_class_ranks

NUM_BINS = 15
TEMPERATURES = (0.2, 5.0)  # a model that is right on every validation picture would else be sharpened without end


@dataclass(frozen=True)
class Reliability:
    """Pictures sorted into equal-width bins by the probability of the class that was answered.

    Args:
        edges: float64 [num_bins + 1], from 0 to 1; a probability on an edge belongs to the bin below it.
        counts: pictures per bin, int64 [num_bins].
        accuracies: share that is right, float64 [num_bins]; 0 where a bin is empty.
        confidences: mean probability, float64 [num_bins]; 0 where a bin is empty.
    """

    edges: np.ndarray
    counts: np.ndarray
    accuracies: np.ndarray
    confidences: np.ndarray

    @property
    def expected_calibration_error(self) -> float:
        """Mean over pictures of |accuracy - confidence| of their bin, in [0, 1] (Guo et al., ICML 2017)."""
        gaps = np.abs(self.accuracies - self.confidences)
        return float((self.counts * gaps).sum() / max(self.counts.sum(), 1))


def measure_reliability(labels: np.ndarray, probabilities: np.ndarray, *, num_bins: int = NUM_BINS) -> Reliability:
    """Sort pictures into `num_bins` equal bins of confidence and compare confidence and accuracy in each.

    Args:
        labels: true class, integers [N] in [0, C).
        probabilities: [N, C] in [0, 1].
    """
    correct = is_correct(probabilities, labels, ranks=true_class_ranks(probabilities, labels))
    confidences = probabilities.max(axis=1).astype(np.float64)
    bins = bins_of_confidence(confidences, num_bins=num_bins)
    counts = np.bincount(bins, minlength=num_bins)
    divisor = np.maximum(counts, 1)
    return Reliability(
        edges=np.linspace(0, 1, num_bins + 1),
        counts=counts,
        accuracies=np.bincount(bins, correct, minlength=num_bins) / divisor,
        confidences=np.bincount(bins, confidences, minlength=num_bins) / divisor,
    )


def bins_of_confidence(confidences: np.ndarray, *, num_bins: int = NUM_BINS) -> np.ndarray:
    """Return the bin of each confidence in [0, 1], as `Reliability` counts them."""
    return np.clip(np.ceil(confidences * num_bins).astype(np.intp) - 1, 0, num_bins - 1)


def apply_temperature(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Return softmax(log(probabilities) / temperature); whoever shows probabilities to a user calls this.

    The order of the classes stays, so the answers do.

    Args:
        probabilities: float32 [..., C], as the network gives them.
        temperature: above 0; 1 returns `probabilities` themselves, more is less confident.
    """
    if temperature == 1:
        return probabilities
    logits = _logarithms(probabilities) / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)).astype(np.float32)


def fit_temperature(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the temperature in `TEMPERATURES` at which the mean cross-entropy is least.

    Args:
        labels: true class, integers [N], N at least 1, of pictures that the network has not trained on.
        probabilities: float32 [N, C], as the network gives them.

    Reference: C. Guo et al., On calibration of modern neural networks, ICML 2017, section 4.2.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    logits = _logarithms(probabilities)
    true = logits[np.arange(len(labels)), labels]

    def cross_entropy(log_temperature: float) -> float:
        temperature = np.exp(log_temperature)
        return float(np.mean(logsumexp(logits / temperature, axis=1) - true / temperature))

    return float(np.exp(minimize_scalar(cross_entropy, bounds=np.log(TEMPERATURES), method="bounded").x))


def temperature_remark(temperature: float) -> str | None:
    """Return what to say of a temperature at an end of `TEMPERATURES`; None of others."""
    low, high = TEMPERATURES
    if 1.01 * low < temperature < high / 1.01:
        return None
    return (f"The temperature, {temperature:.2f}, lies at the end of what is tried ({low:g} to {high:g}): too few or too "
            "uniform validation pictures to fit one, so the probabilities are not to be trusted.")


def _logarithms(probabilities: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(probabilities, np.finfo(np.float32).tiny), dtype=np.float64)
