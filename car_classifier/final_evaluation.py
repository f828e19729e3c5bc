"""The evaluation at the end of a training."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from rich.console import Console

from car_classifier.evaluation import default_evaluator, predict_probabilities
from car_classifier.model_file import ModelCard
from car_classifier.prepared_data import PreparedData
from car_classifier.screen import progress_bar
from car_classifier.training.stop import StopRequest
from data.dataset import fingerprint
from results.evaluated import Evaluated, stored_figures, weights_checksum
from results.run_store import Run


@dataclass(frozen=True)
class FinalEvaluation:
    """Figures on validation, and on test unless it is withheld.

    Args:
        run: that holds the trained model.
        data: its pictures.
        evaluate_on: "test", "validation" or "none": of which split predictions and plots are written.
        console: where progress is shown.
    """

    run: Run
    data: PreparedData
    evaluate_on: str
    console: Console

    def measure(
        self, network: keras.Model, card: ModelCard, *, validation: np.ndarray | None, stop: StopRequest
    ) -> dict[str, dict[str, Any] | None]:
        """Return the figures by split; what an interrupted process has written of test is taken, not computed again.

        Args:
            network: what model.keras holds.
            card: of the network.
            validation: probabilities of the validation pictures from before any refit; None where there are none.
            stop: asked between batches.
        """
        splits, folder = self.data.dataset.splits, self.run.folder
        evaluator = default_evaluator(card, seed=self.data.config.seed)
        figures: dict[str, dict | None] = {"validation": None, "test": None}
        if validation is not None:
            figures["validation"] = evaluator.figures(splits["validation"].labels, validation)
            if self.evaluate_on == "validation":
                evaluator.write(folder, splits["validation"], validation, evaluated=self._about("validation"))
        if self.evaluate_on == "test" and "test" in splits:
            about = self._about("test")
            figures["test"] = stored_figures(folder, about)
            if figures["test"] is None:
                probabilities = self._open_test(network, stop)
                figures["test"] = evaluator.write(folder, splits["test"], probabilities, evaluated=about)
        return figures

    def _about(self, split: str) -> Evaluated:
        dataset = self.data.dataset
        return Evaluated(dataset.name, split, fingerprint(dataset), weights_checksum(self.run.folder))

    def _open_test(self, network: keras.Model, stop: StopRequest) -> np.ndarray:
        with progress_bar(self.console, "Test pictures") as told:
            probabilities = predict_probabilities(network, self.data.evaluation_loader("test"), stop.checked(told))
        self.run.update(evaluations_of_test=self.run.record["evaluations_of_test"] + 1)
        return probabilities
