"""`compare`: models, hyper-parameters, settings or runs side by side, over several seeds."""

import json
import sys
from typing import Annotated

import typer

from car_classifier.base.errors import UserError
from car_classifier.commands import options

Seeds = Annotated[int | None, typer.Option("--seeds", min=1, help="Trainings of each, with the seeds 0, 1, 2, …",
                                           show_default="3")]

Data = Annotated[str | None, typer.Option("--data", metavar="NAME|FOLDER|FILE", help="Pictures, as `train` takes them.",
                                          show_default="demo")]


def compare(
    runs: Annotated[list[str] | None, typer.Argument(metavar="RUN", help="Runs that exist: paths, or names under "
                                                     "--runs-dir; nothing is trained then.", show_default=False)] = None,
    models: Annotated[str | None, typer.Option("--models", "--model", metavar="NAME,…", help="Models, divided by commas.",
                                               show_default="as in train")] = None,
    hyperparameters: Annotated[str, typer.Option("--hyperparameters", metavar="default|RUN|FILE,…", help="Settings that "
                                                 "searches found, runs or JSON files, divided by commas.")] = "default",
    vary: Annotated[list[str] | None, typer.Option("--vary", metavar="name=a|b", help="Values of any setting; "
                                                   "repeatable.")] = None,
    seeds: Seeds = None,
    data: Data = None,
    data_dir: options.DataDir = None,
    weights: options.Weights = None,
    limit: options.Limit = None,
    set: options.Settings = None,
    epochs: options.Epochs = None,
    batch_size: options.BatchSize = None,
    image_size: options.ImageSize = None,
    run: options.RunName = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Compare models, hyper-parameters and settings on the same test pictures, over several seeds with the same budget.

    Every combination is trained with every seed, each as an ordinary run in a process of its own; runs that exist are
    reused, and the same command goes on where it stopped. The first is the baseline. With RUNs, those are compared.

    Example: python -m car_classifier compare --data demo --vary 'model.gates=none|both' --seeds 2 --epochs 3
    """
    from car_classifier.comparison_command import run_comparison
    from car_classifier.comparison_of_runs import compare_runs
    from car_classifier.comparison_options import CompareOptions, request_from_options

    shorthand = {"data.limit": limit, "data.image_size": image_size, "model.weights": weights, "training.epochs": epochs,
                 "training.batch_size": batch_size}
    if runs:
        _refuse_training(models, hyperparameters, vary, set, seeds, data, *shorthand.values())
        summary = compare_runs(runs, run=run, runs_dir=runs_dir)
    else:
        summary = run_comparison(request_from_options(CompareOptions(
            models=_listed(models), hyperparameters=_listed(hyperparameters), vary=vary or (), seeds=seeds or 3,
            shared=options.merge_settings({"data.source": data or "demo", **shorthand}, set), data_dir=data_dir, run=run,
            runs_dir=runs_dir,
        )))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _refuse_training(models: str | None, hyperparameters: str, *others: object) -> None:
    if models or hyperparameters != "default" or any(others):
        raise UserError(
            "Runs that exist are compared as they are. Received: RUNs together with options of a training.\n"
            "Leave either the RUNs or the options out."
        )
