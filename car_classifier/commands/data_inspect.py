"""`data inspect`: what a data set holds, and everything that is wrong with it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from car_classifier.commands import options
from car_classifier.places import data_home

Output = Annotated[Path | None, typer.Option("--output", metavar="FOLDER", help="Folder of the page.",
                                             show_default="data-NAME under --runs-dir")]


def data_inspect(
    data: options.Data = "demo",
    data_dir: options.DataDir = None,
    limit: options.Limit = None,
    set: options.Settings = None,
    files: Annotated[bool, typer.Option("--files", help="List every file below the folder by itself: no classes, no "
                                        "page.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Any fault ends with exit status 3.")] = False,
    output: Output = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Decode every picture once, as training does; show counts, sizes, balance, boxes, duplicates and every fault.

    What was found is remembered: the next time, and in training, only new and changed files are decoded. A folder that is no
    data set has its files listed with a verdict on each.

    Example: python -m car_classifier data inspect --data demo
    """
    config = options.build_config(
        {"data.source": data, "data.directory": str(data_home(data_dir)), "data.limit": limit}, set, {}
    )
    from car_classifier.data_inspection import DataInspectionRequest, run_data_inspection

    summary = run_data_inspection(DataInspectionRequest(config, files, output, runs_dir))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
    if strict and (summary["faults"] or summary["bad"]):
        raise typer.Exit(3)
