"""`evaluate`: figures, predictions and plots of a trained model."""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from car_classifier.commands import options


class SplitName(StrEnum):
    """Pictures to evaluate on."""

    test = "test"
    validation = "validation"
    train = "train"


def evaluate(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A path, or a name under --runs-dir.")],
    data: Annotated[str | None, typer.Option("--data", metavar="NAME|FOLDER", help="Other pictures of the same classes.",
                                             show_default="those it was trained on")] = None,
    data_dir: options.DataDir = None,
    split: Annotated[SplitName | None, typer.Option(help="Which pictures; every opening of the test split is counted.",
                                                    show_default="test; else validation; of pictures without splits, all")] =
    None,
    hierarchy: options.Hierarchy = None,
    tta: Annotated[bool, typer.Option("--tta", help="Average the answers over each picture and its mirror image; takes about "
                                      "twice the time and says what it gained.")] = False,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Evaluate a trained model; what is written never replaces the run's first evaluation.

    Example: python -m car_classifier evaluate my-run --split validation
    """
    from car_classifier.backends.quiet import load_backend
    from results.trained_run import find_trained_run

    find_trained_run(run, runs_dir)  # a wrong name costs no backend, which takes seconds to load
    load_backend()
    from car_classifier.evaluate_command import EvaluationRequest, run_evaluation

    figures = run_evaluation(EvaluationRequest(run, runs_dir, data, data_dir, split and str(split), hierarchy, tta))
    if as_json:
        sys.stdout.write(json.dumps(figures) + "\n")
