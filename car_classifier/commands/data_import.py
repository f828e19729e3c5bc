"""`data import`: a downloaded copy of a known set becomes one that `--data NAME` finds."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from car_classifier.commands import options


def data_import(
    name: Annotated[str, typer.Argument(metavar="NAME", help="stanford_cars, cub200, fgvc_aircraft, foodx251, "
                                         "cifar10 or cifar100.")],
    sources: Annotated[list[Path], typer.Option("--from", metavar="FOLDER|ARCHIVE", help="What was downloaded; repeatable.")],
    data_dir: options.DataDir = None,
    as_json: options.Json = False,
) -> None:
    """Arrange a downloaded copy of a known data set so that --data NAME finds it, and check it.

    Files of a folder are linked where that is possible, else copied; archives are unpacked. What was downloaded stays as it
    is, and nothing that is there already is overwritten.

    Example: python -m car_classifier data import stanford_cars --from Downloads
    """
    from car_classifier.data_import import import_data, show_import
    from car_classifier.places import data_home

    imported = import_data(name, sources, data_home(data_dir))
    show_import(imported)
    if as_json:
        sys.stdout.write(json.dumps(imported.summary()) + "\n")
