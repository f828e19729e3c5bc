"""What a trained model does on pictures it has not seen: figures, predictions, plots."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from car_classifier.base.counts import describe_count, times
from car_classifier.base.files import write_json, write_text
from car_classifier.model_file import ModelCard
from data.dataset import Split
from results.calibration import apply_temperature, measure_reliability
from results.calibration_chance import calibration_chance
from results.conformal import prediction_sets, set_limit
from results.confusions import most_confused
from results.evaluated import Evaluated
from results.figure_intervals import NUM_RESAMPLES, Intervals, figure_intervals
from results.found_hierarchy import find_hierarchy
from results.hierarchy import Hierarchy, level_figures
from results.metrics import classification_figures, confusion_matrix, cross_entropy
from results.plots.confusion_matrix import plot_confusion_matrix
from results.plots.reliability import plot_reliability
from results.statistics import accuracy_interval, bootstrap_interval
from results.tables import classification_report, write_predictions

COVERAGE = 0.9  # of the sets that are judged
LONG = ("per_class", "most_confused", "intervals")  # figures that a summary leaves out


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


@dataclass(frozen=True)
class Evaluator:
    """Figures of a model's answers, as its user sees them: with calibrated probabilities.

    Args:
        card: of the model.
        hierarchy: groups of its classes; None where there are none.
        seed: of the bootstrap.
    """

    card: ModelCard
    hierarchy: Hierarchy | None
    seed: int

    def figures(self, labels: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
        """Return the figures of evaluation.json.

        Args:
            labels: true class, integers [N].
            probabilities: float32 [N, C], as the network gives them.
        """
        card, names = self.card, self.card.class_names
        shown = apply_temperature(probabilities, card.temperature)
        figures = classification_figures(labels, shown, class_names=names, seed=self.seed)
        per_class, chance = figures.pop("per_class"), calibration_chance(labels, shown, seed=self.seed)
        sets, of_sets = self._set_figures(labels, shown)
        levels = self.hierarchy and level_figures(self.hierarchy, labels, shown, seed=self.seed)
        return {
            **figures,
            "loss_uncalibrated": cross_entropy(labels, probabilities),
            "expected_calibration_error_uncalibrated": measure_reliability(labels, probabilities).expected_calibration_error,
            "expected_calibration_error_by_chance": chance.perfect,
            "temperature": card.temperature,
            **sets,
            "levels": levels or [],
            "intervals": figure_intervals(labels, shown, seed=self.seed)
            | {"expected_calibration_error": (chance.low, chance.high)} | of_sets,
            "most_confused": most_confused(confusion_matrix(labels, shown), names),
            "per_class": per_class,
        }

    def write(
        self, folder: Path, split: Split, probabilities: np.ndarray, *, evaluated: Evaluated,
        more: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write evaluation.json, predictions.csv, classification_report.txt and plots into `folder`; return the figures.

        Args:
            split: the pictures, with labels in the order of the card's classes.
            probabilities: float32 [N, C], as the network gives them.
            evaluated: what is stored of them, so that others know the evaluation.
            more: further figures for evaluation.json.
        """
        labels, names = split.labels, self.card.class_names
        figures = {**(more or {}), **self.figures(labels, probabilities)}
        shown = apply_temperature(probabilities, self.card.temperature)
        about, plots = f"{evaluated.split} pictures of {evaluated.data}", folder / "plots"
        plot_confusion_matrix(confusion_matrix(labels, shown), names, plots / "confusion_matrix.png", about=about)
        plot_reliability(measure_reliability(labels, shown), plots / "reliability.png", about=about)
        write_predictions(folder / "predictions.csv", split.paths, labels=labels, probabilities=shown, class_names=names)
        write_text(folder / "classification_report.txt", classification_report(figures))
        write_json(folder / "evaluation.json", evaluated.describe() | figures)
        return figures

    def _set_figures(self, labels: np.ndarray, shown: np.ndarray) -> tuple[dict[str, float | None], Intervals]:
        """Share of sets that hold the true class, their mean size, and the intervals of both."""
        thresholds = self.card.thresholds
        if thresholds is None:
            return {"set_coverage": None, "set_size": None}, {}
        members = prediction_sets(shown, set_limit(thresholds.set_scores, thresholds.num_pictures, COVERAGE))
        held, sizes = members[np.arange(len(labels)), labels], members.sum(axis=1)
        intervals = {"set_coverage": accuracy_interval(held, seed=self.seed)[:2],
                     "set_size": bootstrap_interval(sizes, seed=self.seed, num_resamples=NUM_RESAMPLES)}
        return {"set_coverage": float(held.mean()), "set_size": float(sizes.mean())}, intervals


def default_evaluator(card: ModelCard, *, seed: int) -> Evaluator:
    """Return the evaluator of a model, with the groups that its data imply."""
    hierarchy = find_hierarchy(None, data=card.data, class_names=card.class_names, levels=card.levels)
    return Evaluator(card, hierarchy, seed)


def warn_of_openings(opened: int) -> str:
    """Return what to say when the test split of a run has been opened more than once."""
    return f"The test split of this run has been opened {times(opened)}; choices made by it no longer hold on it."


def headline(figures: dict[str, Any]) -> str:
    """Return the figures that a person wants first, in one line."""
    low, high = 100 * figures["accuracy_low"], 100 * figures["accuracy_high"]
    parts = [f"accuracy {100 * figures['accuracy']:.1f} % ({low:.1f} to {high:.1f})"]
    parts += [
        f"top-{k} {100 * figures[f'top_{k}_accuracy']:.1f} %" for k in (3, 5) if figures[f"top_{k}_accuracy"] is not None
    ]
    parts += [f"macro F1 {figures['f1_macro']:.3f}", describe_count(figures["num_pictures"], "picture")]
    return " · ".join(parts)
