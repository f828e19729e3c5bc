"""CIFAR-10 and CIFAR-100: class folders of picture files, written from Keras' download when they are not there."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from car_classifier.base.errors import DataError
from car_classifier.base.native_output import held_back
from data.dataset import Dataset
from data.known_sets import KNOWN_SETS, import_command
from data.readers.cifar_names import CIFAR10_NAMES, CIFAR100_NAMES
from data.readers.class_folders import read_class_folders

ARCHIVES = "https://www.cs.toronto.edu/~kriz"  # where Keras fetches them


def read_cifar10(folder: Path) -> Dataset:
    """Read `<folder>/{train,test}/<class>/`; without these, fetch CIFAR-10 (170 MB) and write them."""
    return _read(folder, "cifar10", CIFAR10_NAMES)


def read_cifar100(folder: Path) -> Dataset:
    """Read `<folder>/{train,test}/<class>/`; without these, fetch CIFAR-100 (169 MB) and write them."""
    return _read(folder, "cifar100", CIFAR100_NAMES)


def _read(folder: Path, name: str, class_names: Sequence[str]) -> Dataset:
    if not (folder / "train").is_dir():
        write_class_folders(folder, _download(folder, name), class_names)
    return read_class_folders(folder)


def _download(folder: Path, name: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pictures uint8 [N, 32, 32, 3] and labels [N, 1] of each split, by Keras."""
    try:
        with held_back():
            from keras import datasets  # heavy, and needed once in the life of a data folder

        train, test = getattr(datasets, name).load_data()
    except Exception as error:  # Keras raises a plain Exception when the download fails, with the address before the reason
        reason = str(error).rpartition(" -- ")[2].rstrip(".")
        raise DataError(
            f"{name} is not in {folder}, and {ARCHIVES}/{KNOWN_SETS[name].archives[0]} could not be fetched: {reason}.\n"
            f"Fetch it otherwise and type: {import_command(name, folder, 'FILE')}\n"
            f"Picture files in {folder / 'train' / '<class>'} and {folder / 'test' / '<class>'} do as well."
        ) from error
    return {"train": train, "test": test}


def write_class_folders(folder: Path, splits: dict[str, tuple[np.ndarray, np.ndarray]], class_names: Sequence[str]) -> None:
    """Write `<folder>/<split>/<class>/<number>.png`: beside it first, then renamed, so that a half-written set is never read.

    Args:
        folder: made when missing; holds none of the splits yet.
        splits: pictures uint8 [N, height, width, 3] and labels [N] or [N, 1] of "train" and "test".
        class_names: in the order of the labels.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for split, (pictures, labels) in splits.items():
            for name in class_names:
                (temporary / split / name).mkdir(parents=True)
            for number, (picture, label) in enumerate(zip(pictures, labels.reshape(-1).tolist(), strict=True)):
                encoded = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1]
                (temporary / split / class_names[label] / f"{number:05d}.png").write_bytes(encoded.tobytes())
        temporary.chmod(0o755)
        folder.mkdir(exist_ok=True)
        for split in ("test", "train"):  # "train" last: it is what tells a complete set
            (temporary / split).rename(folder / split)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
