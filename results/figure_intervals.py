"""Intervals of the figures of an evaluation: what other pictures of the same kind might have given."""

import numpy as np

from results.auc import macro_auc
from results.metrics import cross_entropies
from results.ranks import true_class_ranks
from results.statistics import accuracy_interval, bootstrap_interval

NUM_RESAMPLES = 1000
Intervals = dict[str, tuple[float, float]]


def figure_intervals(labels: np.ndarray, probabilities: np.ndarray, *, seed: int) -> Intervals:
    """Return 95 % intervals of the figures of `classification_figures` but for the calibration error; some cannot be told.

    Shares of pictures and the loss: as `accuracy_interval` and `bootstrap_interval`. Means over classes: a bootstrap over
    pictures, moved by the mean difference between resamples and sample, for small classes lose some of their pictures in a
    resample; none where so few answers are right or wrong that a bootstrap is too narrow. AUC: `macro_auc`.

    Args:
        labels: true class, integers [N] in [0, C).
        probabilities: float32 [N, C].
        seed: of the resampling.

    Returns:
        Name in evaluation.json to the lower and the upper end.
    """
    answered, count = probabilities.argmax(axis=1), probabilities.shape[1]
    ranks = true_class_ranks(probabilities, labels)
    low, high, method = accuracy_interval(answered == labels, seed=seed)
    intervals = {"accuracy": (low, high)}
    intervals |= {f"top_{k}_accuracy": accuracy_interval(ranks < k, seed=seed)[:2] for k in (3, 5) if k < count}
    if method == "bootstrap":
        intervals |= _of_class_means(labels, answered, count, seed=seed)
    area = macro_auc(labels, probabilities)
    ends = area and area.interval()
    intervals |= {"auc_macro_ovr": ends} if ends else {}
    intervals["loss"] = bootstrap_interval(cross_entropies(labels, probabilities), seed=seed, num_resamples=NUM_RESAMPLES)
    return intervals


def _of_class_means(labels: np.ndarray, answered: np.ndarray, count: int, *, seed: int) -> Intervals:
    generator = np.random.default_rng(seed)
    draws = (generator.integers(0, len(labels), size=len(labels), dtype=np.int32) for _ in range(NUM_RESAMPLES))
    resampled = np.array([_averages(labels[draw], answered[draw], count) for draw in draws])
    names = [f"{name}_{average}" for average in ("macro", "weighted") for name in ("precision", "recall", "f1")]
    moved = _averages(labels, answered, count) - resampled.mean(axis=0)
    low, high = np.clip(np.quantile(resampled, [0.025, 0.975], axis=0) + moved, 0, 1)
    return {name: (float(start), float(end)) for name, start, end in zip(names, low, high)}


def _averages(labels: np.ndarray, answered: np.ndarray, count: int) -> np.ndarray:
    """Macro and weighted precision, recall and F1 over the classes that occur among `labels`."""
    support = np.bincount(labels, minlength=count)
    right = np.bincount(labels[labels == answered], minlength=count)
    taken = np.bincount(answered, minlength=count)
    present = support > 0
    divisors = np.maximum(taken, 1), np.maximum(support, 1), np.maximum(support + taken, 1) / 2
    scores = np.array([right / divisor for divisor in divisors])
    return np.concatenate([scores[:, present].mean(axis=1), scores @ support / len(labels)])
