"""`train`: from photographs to a trained, evaluated model."""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from car_classifier.commands import options


class EvaluateOn(StrEnum):
    """What a training is evaluated on at its end."""

    test = "test"
    validation = "validation"
    none = "none"


def train(
    data: options.Data = "demo",
    data_dir: options.DataDir = None,
    model: options.Model = None,
    weights: options.Weights = None,
    limit: options.Limit = None,
    hyperparameters: options.Hyperparameters = "default",
    set: options.Settings = None,
    epochs: options.Epochs = None,
    batch_size: options.BatchSize = None,
    image_size: options.ImageSize = None,
    seed: options.Seed = None,
    refit: Annotated[bool, typer.Option("--refit", help="At the end train on train and validation together.")] = False,
    evaluate_on: Annotated[EvaluateOn, typer.Option(help="Split that is evaluated once at the end.")] = EvaluateOn.test,
    profile: Annotated[bool, typer.Option("--profile", help="Write a profile of a few steps into profile/.")] = False,
    extend: Annotated[bool, typer.Option("--extend", help="Go on with a run that is done, up to more --epochs.")] = False,
    h5: Annotated[bool, typer.Option("--h5", help="Also write the model as model.h5.")] = False,
    run: options.RunName = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Train a model on photographs and evaluate it; the same command goes on where it stopped.

    A run that is done goes on with --extend, --run NAME and more --epochs: from its best weights, with a new schedule. The
    other options that the run was made with are given again.

    Example: python -m car_classifier train --data demo --epochs 3
    """
    from car_classifier.backends.quiet import load_backend
    from car_classifier.settings import SettingsRequest, check_words

    shorthand = {
        "data.source": data, "data.limit": limit, "data.image_size": image_size, "model.name": model,
        "model.weights": weights, "training.epochs": epochs, "training.batch_size": batch_size, "seed": seed,
        "training.refit": refit or None,
    }
    common = {"command": "train", "shorthand": shorthand, "settings": tuple(set or ()), "hyperparameters": hyperparameters,
              "data_dir": data_dir, "run": run, "runs_dir": runs_dir}
    check_words(SettingsRequest(**common))
    load_backend()
    from car_classifier.training_command import TrainingRequest, run_training
    from car_classifier.training_run import Extras

    extras = Extras(str(evaluate_on), profile=profile, h5=h5)
    summary = run_training(TrainingRequest(**common, extend=extend, extras=extras))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
