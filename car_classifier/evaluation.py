"""What a trained model does on pictures it has not seen: figures, predictions, plots."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from car_classifier.base.files import write_json, write_text
from data.dataset import Split
from results.calibration import measure_reliability
from results.metrics import classification_figures, confusion_matrix
from results.plots.confusion_matrix import plot_confusion_matrix
from results.plots.reliability import plot_reliability
from results.tables import classification_report, write_predictions


def predict_probabilities(network: keras.Model, loader: Any, told: Callable[[int, int], None] | None = None) -> np.ndarray:
    """Return probabilities float32 [N, C] of all pictures of `loader`, in its order.

    Args:
        told: called with (pictures done, pictures in all) after each batch.
    """
    batches, done = [], 0
    for batch in loader.epoch(0):
        batches.append(np.asarray(network.predict_on_batch(batch.pictures), np.float32))
        done += len(batches[-1])
        if told is not None:
            told(done, loader.num_pictures)
    return np.concatenate(batches)


def write_evaluation(folder: Path, split: Split, probabilities: np.ndarray, *, class_names: Sequence[str], seed: int) -> dict:
    """Write evaluation.json, predictions.csv, classification_report.txt and plots into `folder`; return the figures.

    Args:
        split: the pictures, with labels in the order of `class_names`.
        probabilities: float32 [N, C].
        seed: of the bootstrap.
    """
    labels = split.labels
    figures = classification_figures(labels, probabilities, class_names=class_names, seed=seed)
    matrix = confusion_matrix(labels, probabilities)
    plot_confusion_matrix(matrix, class_names, folder / "plots" / "confusion_matrix.png")
    plot_reliability(measure_reliability(labels, probabilities), folder / "plots" / "reliability.png")
    write_predictions(
        folder / "predictions.csv", split.paths, labels=labels, probabilities=probabilities, class_names=class_names
    )
    write_text(folder / "classification_report.txt", classification_report(figures))
    write_json(folder / "evaluation.json", figures)
    return figures


def warn_of_openings(opened: int) -> str:
    """Return what to say when the test split of a run has been opened more than once."""
    return f"The test split of this run has been opened {opened} times; choices made by it no longer hold on it."


def headline(figures: dict[str, Any]) -> str:
    """Return the figures that a person wants first, in one line."""
    low, high = 100 * figures["accuracy_low"], 100 * figures["accuracy_high"]
    parts = [f"accuracy {100 * figures['accuracy']:.1f} % ({low:.1f} to {high:.1f})"]
    parts += [
        f"top-{k} {100 * figures[f'top_{k}_accuracy']:.1f} %" for k in (3, 5) if figures[f"top_{k}_accuracy"] is not None
    ]
    parts += [f"macro F1 {figures['f1_macro']:.3f}", f"{figures['num_pictures']} pictures"]
    return " · ".join(parts)
