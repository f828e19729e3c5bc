"""Which rows of a study can be trained with the model, the weights and the runs that are there."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.counts import describe_count
from car_classifier.base.errors import DownloadError, UserError
from car_classifier.base.files import read_json
from car_classifier.defaults import default_model, default_weights
from car_classifier.settings import read_hyperparameters, weights_source
from car_classifier.study import StudyVariant
from models.registry import model_entry
from models.weight_files import locate_weights
from results.run_store import find_run


@dataclass(frozen=True)
class RowPlaces:
    """Where the things lie that a row may need.

    Args:
        runs_dir: folder of all runs.
        weights_dir: folder of published weights.
        options: that lead another command to the same places, as one types them.
    """

    runs_dir: Path
    weights_dir: Path
    options: str = ""


def settings_of(row: StudyVariant, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a row, model and weights among them whether anybody named them or not.

    Args:
        shared: settings of all rows, `data.source` among them; those of the row go before them.
    """
    settings = {**shared, **row.settings}
    model = settings.get("model.name") or default_model(settings["data.source"])
    weights = settings.get("model.weights") or default_weights(model, settings["data.source"])
    return {**settings, "model.name": model, "model.weights": weights}


def why_left_out(row: StudyVariant, shared: Mapping[str, Any], places: RowPlaces, *, first: str | None) -> str | None:
    """Return why a row cannot be trained; None where it can.

    Args:
        shared: as in `settings_of`.
        places: where to look for runs and weights.
        first: what the user has to do before the study where the row does not say so itself.
    """
    settings = settings_of(row, shared)
    model, weights = settings["model.name"], settings["model.weights"]
    unfit = why_unfit(row, model)
    if unfit is not None:
        return unfit
    if row.pretrained and weights == "none":
        return f"it needs trained weights to start from, and {model} starts from random ones."
    first = row.first or first
    if first is None:
        return None
    first = filled(first, settings, places)
    other = _other_model(model, weights, places)
    if other is not None:
        return f"{weights} is a run of {other}, and not of {model}. Under another name, for --weights: {first}"
    return None if _is_at_hand(row, settings, places) else f"first: {first}"


def why_unfit(row: StudyVariant, model: str) -> str | None:
    """Return why `model` cannot have a row; None where it can.

    Raises:
        UnknownNameError: there is no such model.
    """
    stages = len(model_entry(model).stages)
    if row.models and model not in row.models:
        return f"it is there for {', '.join(row.models)} alone."
    if stages < row.stages:
        return f"it needs a model of {describe_count(row.stages, 'stage')}, and {model} has {stages or 'none'}."
    return None


def filled(first: str, settings: Mapping[str, Any], places: RowPlaces) -> str:
    """Return the command that comes first with model, data and places of the study in it."""
    words = {"{model}": settings["model.name"], "{data}": shlex.quote(str(settings["data.source"])),
             "{places}": f" {places.options}".rstrip()}
    for name, text in words.items():
        first = first.replace(name, text)
    return first


def _other_model(model: str, weights: str, places: RowPlaces) -> str | None:
    """The name of the model of the run that weights come from, where it is not `model`, which cannot take them."""
    if weights_source(weights, places.runs_dir) == weights:
        return None  # no run
    of_run = read_json(find_run(weights, places.runs_dir) / "config.json")["model.name"]
    return of_run if of_run != model else None


def _is_at_hand(row: StudyVariant, settings: Mapping[str, Any], places: RowPlaces) -> bool:
    try:
        read_hyperparameters(row.hyperparameters, places.runs_dir)
        weights = weights_source(settings["model.weights"], places.runs_dir)
        width = settings.get("model.width_multiplier")
        locate_weights(settings["model.name"], weights, places.weights_dir, width_multiplier=width)
    except DownloadError:
        if row.first is None:
            raise  # what comes first for all rows fetches nothing
        return False
    except UserError:  # `first` says what to do about it
        return False
    return True
