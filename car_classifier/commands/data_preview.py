"""`data preview`: what training will see, as a picture."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from car_classifier.commands import options
from car_classifier.config import parse_assignments
from car_classifier.places import data_home


def data_preview(
    data: options.Data = "demo",
    data_dir: options.DataDir = None,
    model: options.Model = None,
    limit: options.Limit = None,
    image_size: options.ImageSize = None,
    set: options.Settings = None,
    seed: options.Seed = None,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The PNG file.")] = Path("preview.png"),
    as_json: options.Json = False,
) -> None:
    """Save a sheet of what training will see: originals with their boxes, each transform alone and made certain, the whole
    chain, and batches mixed by CutMix and MixUp with their labels.

    Example: python -m car_classifier data preview --data demo --limit 10 --output preview.png
    """
    from car_classifier.defaults import default_model
    from car_classifier.preview_command import PreviewRequest, run_preview

    shorthand = {
        "data.source": data, "data.directory": str(data_home(data_dir)), "data.limit": limit,
        "data.image_size": image_size, "seed": seed, "model.name": model or default_model(data),
    }
    config = options.build_config(shorthand, set, {})
    given = {name for name, value in shorthand.items() if value is not None} | parse_assignments(set or []).keys()
    summary = run_preview(PreviewRequest(config, frozenset(given), output))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
