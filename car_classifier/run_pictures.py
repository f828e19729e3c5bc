"""The pictures of a run that is done, as it was trained and evaluated on them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError
from car_classifier.base.files import read_json
from car_classifier.config import Config
from car_classifier.model_file import ModelCard
from car_classifier.places import data_home
from car_classifier.prepared_data import PreparedData, prepare_data, read_source
from data.dataset import fingerprint


def stored_config(folder: Path) -> Config:
    """Return the settings of a run; those that this program does not know are left out."""
    known = dict(Config().flat())
    return Config().override({name: value for name, value in read_json(folder / "config.json").items() if name in known})


def read_run_pictures(folder: Path, card: ModelCard, *, data_dir: Path | None, told: Any) -> PreparedData:
    """Return the data set of a run, checked, split and shaped as when it was trained.

    Args:
        folder: of the run.
        card: of its model.
        data_dir: where named data sets lie now; None: where the run found them.
        told: called with (pictures checked, pictures to check).

    Raises:
        DataError: pictures are missing or are no longer the same.
        UserError: the source is no longer there.
    """
    config = stored_config(folder).override({"data.memory_cache_gb": 0.0})  # each picture is read once
    if data_dir is not None:
        config = config.override({"data.directory": str(data_home(data_dir))})
    data = prepare_data(config, read_source(config), told=told)
    refuse_changed_pictures(folder, data)
    return replace(data, geometry=card.geometry)


def is_of_run(folder: Path, data: PreparedData) -> bool:
    """Return whether `data` is what a run was trained on, wherever it lies now: same files, labels, boxes and splits."""
    return read_json(folder / "data.json")["fingerprint"] == fingerprint(data.dataset)


def refuse_changed_pictures(folder: Path, data: PreparedData) -> None:
    """Raise when `data` is not what a run was trained on: split anew, training pictures could pass for new ones.

    Raises:
        DataError: files, labels or boxes have changed.
    """
    if not is_of_run(folder, data):
        raise DataError(
            f"The pictures are not those that {folder} was trained on: files, labels or boxes have changed.\n"
            "Put the old ones back, or evaluate pictures that the model has never seen: `evaluate --data` another folder."
        )
