"""`search`: good hyper-parameters for a model and pictures."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from car_classifier.commands import options


class Pruner(StrEnum):
    """Which rule cuts hopeless trials off."""

    median = "median"
    halving = "halving"
    none = "none"


class ExecutorName(StrEnum):
    """Where trials run."""

    local = "local"
    ray = "ray"


Engine = Annotated[str, typer.Option("--engine", metavar="NAME[:VARIANT]", help="optuna (tpe, random, qmc), skopt (gp, rf, "
                                     "et), keras-tuner (random, bayesian, hyperband), random, grid; in brackets the "
                                     "variants.")]
Trials = Annotated[int | None, typer.Option("--trials", min=1, help="Trials in all, earlier ones included.",
                                            show_default="50; no end with --hours")]
Hours = Annotated[float | None, typer.Option("--hours", help="Hours in all, earlier ones included.")]
PrunerName = Annotated[Pruner, typer.Option("--pruner", help="Rule that cuts hopeless trials off.")]
SpaceFile = Annotated[Path | None, typer.Option("--space", metavar="FILE", help="JSON or TOML file of ranges, instead of the "
                                                "model's own space.")]
Ranges = Annotated[list[str] | None, typer.Option("--range", metavar="name=range", help="Add or change a range: low:high, "
                                                  "low:high:log or a|b|c; repeatable. --set takes a name out of the space.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Trials at once.", show_default="1")]
Place = Annotated[ExecutorName, typer.Option("--executor", help="Where trials run.")]
RayAddress = Annotated[str | None, typer.Option("--ray-address", metavar="HOST:PORT", help="The Ray cluster's head.",
                                                show_default="RAY_ADDRESS, or this machine alone")]
Mirror = Annotated[str | None, typer.Option("--mirror", metavar="URL", help="Keep an Optuna storage up to date, such as "
                                            "sqlite:///search.db, for optuna-dashboard.")]


def search(
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
    engine: Engine = "optuna:tpe",
    trials: Trials = None,
    hours: Hours = None,
    pruner: PrunerName = Pruner.median,
    space: SpaceFile = None,
    range: Ranges = None,
    workers: Workers = None,
    executor: Place = ExecutorName.local,
    ray_address: RayAddress = None,
    mirror: Mirror = None,
    run: options.RunName = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Search for good hyper-parameters; the same command goes on where it stopped, and no finished trial is lost.

    Example: python -m car_classifier search --data demo --trials 5 --epochs 3
    """
    from car_classifier.search_command import SearchRequest, run_search

    shorthand = {"data.source": data, "data.limit": limit, "data.image_size": image_size, "model.name": model,
                 "model.weights": weights, "training.epochs": epochs, "training.batch_size": batch_size, "seed": seed}
    asked = {"engine": engine, "trials": trials, "hours": hours, "pruner": str(pruner), "workers": workers,
             "executor": str(executor), "ray_address": ray_address}
    summary = run_search(SearchRequest(
        command="search", shorthand=shorthand, settings=tuple(set or ()), hyperparameters=hyperparameters, data_dir=data_dir,
        run=run, runs_dir=runs_dir, identity={"engine": engine, "pruner": str(pruner)}, search=asked, space_file=space,
        ranges=tuple(range or ()), mirror=mirror,
    ))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
