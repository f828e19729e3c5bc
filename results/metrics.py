"""The figures of evaluation.json, from true classes and probabilities."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from car_classifier.base.errors import DataError
from results.auc import macro_auc
from results.calibration import measure_reliability
from results.ranks import is_correct, true_class_ranks
from results.statistics import accuracy_interval

_SMALLEST_PROBABILITY = 1e-7  # Keras' epsilon: the loss of one picture is at most 16.1


def classification_figures(
    labels: np.ndarray, probabilities: np.ndarray, *, class_names: Sequence[str], seed: int
) -> dict[str, Any]:
    """Return every figure of evaluation.json in plain Python types; what is not defined is None, never NaN.

    - `accuracy_low`, `accuracy_high`: 95 % interval; `accuracy_interval` says how: "bootstrap", or "wilson" where few are
      right or few wrong.
    - `top_k_accuracy`: None where k is not below C.
    - `precision_macro`, `recall_macro`, `f1_macro`: means over the classes that have pictures; a class that is never
      answered has precision 0. `…_weighted`: the same, weighted by number of pictures.
    - `auc_macro_ovr`: one class against the rest, mean over the classes with pictures of both; None without any.
    - `loss`: mean cross-entropy, probabilities clipped to [1e-7, 1 - 1e-7] as in Keras.
    - `expected_calibration_error`: 15 equal-width bins of the answered class' probability.
    - `per_class`: of a class without pictures recall and F1 are None, and so is precision when it is never answered.

    Args:
        labels: true class, integers [N] in [0, C).
        probabilities: float32 [N, C]; finite, each row adding up to 1.
        class_names: C names, in the order of the columns.
        seed: of the bootstrap.

    Raises:
        DataError: there are no pictures, the shapes differ, a label is no class, or a probability is not finite.
    """
    labels, probabilities = _checked(labels, probabilities, num_classes=len(class_names))
    ranks = true_class_ranks(probabilities, labels)
    correct = is_correct(probabilities, labels, ranks=ranks)
    low, high, method = accuracy_interval(correct, seed=seed)
    area = macro_auc(labels, probabilities)
    return {
        "accuracy": float(correct.mean()),
        "accuracy_low": low,
        "accuracy_high": high,
        "accuracy_interval": method,
        "top_3_accuracy": _top_k(ranks, 3, num_classes=len(class_names)),
        "top_5_accuracy": _top_k(ranks, 5, num_classes=len(class_names)),
        **_averages(labels, probabilities),
        "auc_macro_ovr": area and area.area,
        "loss": cross_entropy(labels, probabilities),
        "expected_calibration_error": measure_reliability(labels, probabilities).expected_calibration_error,
        "num_pictures": len(labels),
        "per_class": _per_class(labels, probabilities, class_names=class_names),
    }


def confusion_matrix(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Return int64 [C, C]: how many pictures of the row's class were taken for the column's class.

    Args:
        labels: true class, integers [N] in [0, C).
        probabilities: [N, C].
    """
    num_classes = probabilities.shape[1]
    pairs = np.asarray(labels, np.int64) * num_classes + probabilities.argmax(axis=1)
    return np.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)


def _checked(labels: np.ndarray, probabilities: np.ndarray, *, num_classes: int) -> tuple[np.ndarray, np.ndarray]:
    labels, probabilities = np.asarray(labels), np.asarray(probabilities)
    if not labels.size:
        raise DataError("There are no pictures to evaluate. Choose another split or folder.")
    if probabilities.shape != (labels.size, num_classes):
        raise DataError(
            f"Expected probabilities of {labels.size} pictures and {num_classes} classes. "
            f"Received the shape {probabilities.shape}."
        )
    if labels.min() < 0 or labels.max() >= num_classes:
        raise DataError(f"Labels must be in [0, {num_classes}). Received: {labels.min()} to {labels.max()}.")
    broken = np.flatnonzero(~np.isfinite(probabilities).all(axis=1))
    if broken.size:
        raise DataError(
            f"The model answers {broken.size} of {labels.size} pictures with numbers that are not finite: "
            "its training diverged. Train again with a lower training.learning_rate."
        )
    return labels, probabilities


def _top_k(ranks: np.ndarray, k: int, *, num_classes: int) -> float | None:
    return float((ranks < k).mean()) if k < num_classes else None


def cross_entropy(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the mean of `cross_entropies`."""
    return float(cross_entropies(labels, probabilities).mean())


def cross_entropies(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Return the cross-entropy of each picture, float64 [N], probabilities clipped to [1e-7, 1 - 1e-7] as in Keras.

    Args:
        labels: true class, integers [N] in [0, C).
        probabilities: float32 [N, C].
    """
    true = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return -np.log(np.clip(true, _SMALLEST_PROBABILITY, 1 - _SMALLEST_PROBABILITY))


def _scores(labels: np.ndarray, probabilities: np.ndarray, *, classes: np.ndarray, average: str | None) -> tuple:
    from sklearn.metrics import precision_recall_fscore_support

    answers = probabilities.argmax(axis=1)
    return precision_recall_fscore_support(labels, answers, labels=classes, average=average, zero_division=0)


def _averages(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    figures = {}
    for average in ("macro", "weighted"):
        scores = _scores(labels, probabilities, classes=np.unique(labels), average=average)
        for name, score in zip(("precision", "recall", "f1"), scores):
            figures[f"{name}_{average}"] = float(score)
    return figures


def _per_class(labels: np.ndarray, probabilities: np.ndarray, *, class_names: Sequence[str]) -> list[dict[str, Any]]:
    classes = np.arange(len(class_names))
    answered = np.bincount(probabilities.argmax(axis=1), minlength=len(classes))
    rows = zip(class_names, answered, *_scores(labels, probabilities, classes=classes, average=None))
    return [
        {
            "class_name": name,
            "precision": float(precision) if support or times_answered else None,
            "recall": float(recall) if support else None,
            "f1": float(f1) if support else None,
            "support": int(support),
        }
        for name, times_answered, precision, recall, f1, support in rows
    ]
