"""`demo`: the whole way on pictures that the program draws."""

import json
import sys

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
    from car_classifier.screen import create_console
    from car_classifier.search_command import SearchRequest, run_search

    fixed = {assignment.partition("=")[0].strip() for assignment in set or ()}
    set_epochs = "training.epochs" in fixed
    ranges = tuple(range for range in RANGES if range.partition("=")[0] not in fixed)
    shorthand = {"data.source": "demo", "model.name": model, "seed": seed}
    of_trials = epochs if set_epochs else TRIAL_EPOCHS
    of_winner = epochs if epochs or set_epochs else DEMO["training.epochs"]
    common = {"settings": tuple(set or ()), "data_dir": data_dir, "runs_dir": runs_dir}
    found = None
    console = create_console()
    if ranges:
        console.rule("A small search", style="dim")
        found = run_search(SearchRequest(
            command="demo-search", shorthand={**shorthand, "training.epochs": of_trials}, hyperparameters="default",
            run=f"{run}-search" if run else None, search={"trials": TRIALS}, ranges=ranges, only_ranges=True,
            names_next=False, **common,
        ))
    from car_classifier.backends.quiet import load_backend

    console.rule("Training of the winner" if found else "Training", style="dim")
    load_backend()  # only now: a search leaves that to its workers
    from car_classifier.training_command import TrainingRequest, run_training
    from car_classifier.training_run import Extras

    summary = run_training(TrainingRequest(
        command="demo", shorthand={**shorthand, "training.epochs": of_winner},
        hyperparameters=found["run"] if found else "default", run=run, extras=Extras(), **common,
    ))
    if as_json:
        sys.stdout.write(json.dumps({**summary, "search": found}) + "\n")
