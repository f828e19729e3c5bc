"""The last step of a training: temperature and thresholds from the validation pictures, stored inside model.keras."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from car_classifier.base.seeds import derive_seed
from car_classifier.model_file import ModelCard, read_card, replace_card
from car_classifier.prepared_data import PreparedData
from car_classifier.thresholds import Thresholds
from models.features import with_features
from results.calibration import apply_temperature, fit_temperature
from results.conformal import calibration_scores
from results.familiarity import fit_directions, unknown_limit

MOST_PICTURES = 1000  # whose features are looked at; they need another pass through the network


def calibrate_model(
    folder: Path, network: keras.Model, data: PreparedData, *, probabilities: np.ndarray | None,
    told: Callable[[int, int], None],
) -> ModelCard:
    """Fit temperature and thresholds, store them in the model file of a run, and return its card.

    Args:
        folder: of the run.
        network: what model.keras holds.
        data: with the validation pictures.
        probabilities: of the validation pictures, from the best weights before any refit; None: nothing is fitted. Nor is
            it with a single picture.
        told: called with (pictures done, pictures in all).
    """
    card = read_card(folder)
    if probabilities is None or len(probabilities) < 2:
        return card
    labels = data.dataset.splits["validation"].labels
    temperature = fit_temperature(labels, probabilities)
    features, seed = _features(network, data, told), derive_seed(data.config.seed, "familiarity") % 2**32
    thresholds = Thresholds(
        num_pictures=len(labels),
        set_scores=_short(calibration_scores(labels, apply_temperature(probabilities, temperature))),
        directions=tuple(_short(direction) for direction in fit_directions(features, seed=seed)),
        unknown_below=unknown_limit(features, seed=seed),
    )
    card = card.model_copy(update={"temperature": temperature, "thresholds": thresholds})
    replace_card(folder / "model.keras", card)
    return card


def _features(network: keras.Model, data: PreparedData, told: Callable[[int, int], None]) -> np.ndarray:
    """Return what the last layer sees of validation pictures, evenly spaced where there are many."""
    split = data.dataset.splits["validation"]
    chosen = np.linspace(0, len(split) - 1, min(len(split), MOST_PICTURES)).round().astype(np.int64)
    splits = {**data.dataset.splits, "validation": split.take(chosen)}
    loader = replace(data, dataset=replace(data.dataset, splits=splits)).evaluation_loader("validation")
    looking, found = with_features(network), []
    for batch in loader.epoch(0):
        found.append(np.asarray(looking.predict_on_batch(batch.pictures)[1], np.float32))
        told(sum(map(len, found)), len(chosen))
    return np.concatenate(found)


def _short(numbers: np.ndarray | list[float]) -> tuple[float, ...]:
    return tuple(float(f"{number:.6g}") for number in numbers)
