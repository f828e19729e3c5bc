"""Intervals of the figures that are no means over pictures."""

import numpy as np

from results.answers import Answers
from results.statistics import accuracy_interval

NUM_RESAMPLES = 1000


def figure_intervals(answers: Answers, *, seed: int) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals of the figures of evaluation.json that the best answers decide, by a bootstrap over pictures.

    Means over classes are lower in most resamples than in the sample, for small classes lose some of their pictures: their
    intervals are moved by the mean of that difference.

    Args:
        answers: of the split.
        seed: of the resampling.

    Returns:
        Name in evaluation.json to the lower and the upper end.
    """
    among = answers.classes == answers.labels[:, None]
    intervals = {"accuracy": accuracy_interval(answers.is_right, seed=seed)[:2]}
    for k in (3, 5):
        if k < len(answers.class_names):
            intervals[f"top_{k}_accuracy"] = accuracy_interval(among[:, :k].any(axis=1), seed=seed)[:2]
    generator = np.random.default_rng(seed)
    labels, answered, count = answers.labels, answers.classes[:, 0], len(answers.class_names)
    draws = (generator.integers(0, len(answers), size=len(answers), dtype=np.int32) for _ in range(NUM_RESAMPLES))
    resampled = np.array([_averages(labels[draw], answered[draw], count) for draw in draws])
    names = [f"{name}_{average}" for average in ("macro", "weighted") for name in ("precision", "recall", "f1")]
    moved = _averages(labels, answered, count) - resampled.mean(axis=0)
    low, high = np.clip(np.quantile(resampled, [0.025, 0.975], axis=0) + moved, 0, 1)
    return intervals | {name: (float(start), float(end)) for name, start, end in zip(names, low, high)}


def _averages(labels: np.ndarray, answered: np.ndarray, count: int) -> np.ndarray:
    """Macro and weighted precision, recall and F1 over the classes that occur among `labels`."""
    support = np.bincount(labels, minlength=count)
    right = np.bincount(labels[labels == answered], minlength=count)
    taken = np.bincount(answered, minlength=count)
    present = support > 0
    divisors = np.maximum(taken, 1), np.maximum(support, 1), np.maximum(support + taken, 1) / 2
    scores = np.array([right / divisor for divisor in divisors])
    return np.concatenate([scores[:, present].mean(axis=1), scores @ support / len(labels)])
