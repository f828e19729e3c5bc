"""`explain`: where in a picture a trained model looks."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from car_classifier.commands import options
from car_classifier.commands.evaluate import SplitName


def explain(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A path, or a name under --runs-dir.")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="Picture files.")] = None,
    split: Annotated[SplitName | None, typer.Option(help="Instead of files: the share of the maps inside the boxes of a "
                                                    "split.", show_default=False)] = None,
    layer: Annotated[list[str] | None, typer.Option("--layer", metavar="NAME|attention", help="Layer whose map is drawn; "
                                                    "repeatable; `attention` means every gate of the head "
                                                    "and block between stages.",
                                                    show_default="the backbone's last feature map")] = None,
    class_name: Annotated[str | None, typer.Option("--class", metavar="NAME", help="Explain this class.",
                                                   show_default="the class answered")] = None,
    data_dir: options.DataDir = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Draw Grad-CAM over pictures, or measure how much of it lies in the true boxes of a split.

    Pictures are written to `explanations/` of the run. --split takes one --layer.

    Example: python -m car_classifier explain my-run photo.jpg --layer attention
    """
    from car_classifier.backends.quiet import load_backend
    from results.trained_run import find_trained_run

    find_trained_run(run, runs_dir)  # a wrong name costs no backend, which takes seconds to load
    load_backend()
    from car_classifier.base.errors import DataError
    from car_classifier.explain_command import ExplainRequest, run_explanation

    request = ExplainRequest(run, runs_dir, tuple(files or ()), split and str(split), tuple(layer or ()), class_name, data_dir)
    found = run_explanation(request)
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    if found.get("skipped"):
        raise DataError(f"{len(found['skipped'])} of {len(request.files)} files could not be used; they are named above.")
