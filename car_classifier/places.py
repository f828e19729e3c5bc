"""Folders outside the checkout."""

import os
from pathlib import Path


def program_home() -> Path:
    """Return the folder of what the program keeps for itself (cached features, checked pictures, costs of models).

    It is CAR_CLASSIFIER_HOME, else ~/.cache/car_classifier. Nothing of the kind is written into `--data-dir`, which may be
    shared or read-only.
    """
    return Path(os.environ.get("CAR_CLASSIFIER_HOME") or "~/.cache/car_classifier").expanduser().resolve()


def data_home(data_dir: Path | None) -> Path:
    """Return the folder of data sets and `weights/`: the one given, else `program_home()`."""
    return data_dir.expanduser().resolve() if data_dir is not None else program_home()
