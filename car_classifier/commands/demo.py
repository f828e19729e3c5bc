"""`demo`: the whole way on pictures that the program draws."""

import json
import sys
from collections.abc import Collection
from typing import Any

from car_classifier.commands import options

# A look at a search, not a thorough one: a minute on two cores.
TRIALS, TRIAL_EPOCHS = 4, 5
RANGES = ("training.learning_rate=3e-4:1e-2:log", "model.spatial_dropout=0.0:0.4", "augmentation.strength=0.0:1.5")


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
    """Draw a small set of car pictures, search a little, train the winner and evaluate it: a few minutes, no download.

    Example: python -m car_classifier demo
    """
    from car_classifier.defaults import DEMO

    fixed = {assignment.partition("=")[0].strip() for assignment in set or ()}
    set_epochs = "training.epochs" in fixed
    shorthand = {"data.source": "demo", "model.name": model, "seed": seed}
    common = {"settings": tuple(set or ()), "data_dir": data_dir, "runs_dir": runs_dir}
    searched = {**shorthand, "training.epochs": epochs if set_epochs else TRIAL_EPOCHS}
    trained = {**shorthand, "training.epochs": epochs if epochs or set_epochs else DEMO["training.epochs"]}
    found = _search(fixed, shorthand=searched, run=f"{run}-search" if run else None, **common)
    summary = _train(found, shorthand=trained, run=run, **common)
    if as_json:
        sys.stdout.write(json.dumps({**summary, "search": found}) + "\n")


def _search(fixed: Collection[str], **common: Any) -> dict[str, Any] | None:
    """Search what the user has not fixed; None where that is nothing."""
    from car_classifier.screen import create_console
    from car_classifier.search_command import SearchRequest, run_search

    ranges = tuple(range for range in RANGES if range.partition("=")[0] not in fixed)
    if not ranges:
        return None
    create_console().rule("A small search", style="dim")
    return run_search(SearchRequest(
        command="demo-search", hyperparameters="default", search={"trials": TRIALS}, ranges=ranges, only_ranges=True,
        names_next=False, **common,
    ))


def _train(found: dict[str, Any] | None, **common: Any) -> dict[str, Any]:
    """Train the winner of a search, or the default configuration where there was none."""
    from car_classifier.backends.quiet import load_backend
    from car_classifier.screen import create_console

    create_console().rule("Training of the winner" if found else "Training", style="dim")
    load_backend()  # only now: a search leaves that to its workers
    from car_classifier.training_command import TrainingRequest, run_training
    from car_classifier.training_run import Extras

    return run_training(TrainingRequest(
        command="demo", hyperparameters=found["run"] if found else "default", extras=Extras(), **common,
    ))
