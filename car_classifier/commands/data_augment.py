"""`data augment`: augmented copies of the training pictures, written once."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from car_classifier.commands import options
from car_classifier.places import data_home

Size = Annotated[int | None, typer.Option("--image-size", min=8, help="Shorter side of a copy in pixels; larger pictures are "
                                          "shrunk.", show_default="256")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FOLDER", help="Folder of the copies.",
                                             show_default="augmented/… in the folder of the data")]


def data_augment(
    data: options.Data = "demo",
    data_dir: options.DataDir = None,
    limit: options.Limit = None,
    copies: Annotated[int, typer.Option("--copies", min=1, max=1000, help="Copies of each training picture.")] = 3,
    image_size: Size = None,
    quality: Annotated[int, typer.Option("--quality", min=1, max=100, help="Of the JPEG files.")] = 95,
    set: options.Settings = None,
    seed: options.Seed = None,
    output: Output = None,
    as_json: options.Json = False,
) -> None:
    """Write augmented copies of the training pictures, cut to their boxes, for `train --set data.augmented_copies=FOLDER`.

    The originals stay as they are. The same command continues where it stopped, and the same seed gives the same files.
    Copies of pictures that a training sets apart for validation stay out of that training.

    Example: python -m car_classifier data augment --data demo --limit 10 --copies 2
    """
    shorthand = {
        "data.source": data, "data.directory": str(data_home(data_dir)), "data.limit": limit,
        "data.image_size": image_size, "seed": seed,
    }
    config = options.build_config(shorthand, set, {})
    from car_classifier.augmentation_command import AugmentationRequest, run_augmentation
    from car_classifier.augmentation_preset import apply_preset

    config = apply_preset(config, options.merge_settings(shorthand, set))
    summary = run_augmentation(AugmentationRequest(config, copies, quality, output))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
