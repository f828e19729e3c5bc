"""`demo`: the whole way on pictures that the program draws."""

import json
import sys

from car_classifier.commands import options


def demo(
    data_dir: options.DataDir = None,
    model: options.Model = None,
    set: options.Settings = None,
    epochs: options.Epochs = None,
    seed: options.Seed = None,
    run: options.RunName = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Draw a small set of car pictures, train a classifier on them and evaluate it: a few minutes, no download.

    Example: python -m car_classifier demo
    """
    from car_classifier.backends.quiet import load_backend

    load_backend()
    from car_classifier.training_command import TrainingRequest, run_training
    from car_classifier.training_run import Extras

    shorthand = {"data.source": "demo", "model.name": model, "training.epochs": epochs, "seed": seed}
    request = TrainingRequest(
        command="demo", shorthand=shorthand, settings=tuple(set or ()), hyperparameters="default", data_dir=data_dir,
        run=run, runs_dir=runs_dir, extras=Extras(),
    )
    summary = run_training(request)
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
