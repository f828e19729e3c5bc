"""The demo's folder: drawn once, complete or not there."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
from filelock import FileLock

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import read_json, sync_folder, write_json, write_text
from car_classifier.base.full_disk import full_disk_named
from car_classifier.base.seeds import derive_seed
from data.demo.car_model import CAR_MODELS
from data.demo.picture import draw_picture

_FORMAT = 1  # to be raised whenever other pixels come out of the same seed
_MARKER = "demo.json"
_JPEG_QUALITY = 92


def draw_demo(folder: Path, *, seed: int, num_train: int, num_test: int) -> None:
    """Make `folder` hold the demo in the layout of Stanford Cars; what is there already is not drawn again.

    Picture n of a split depends on the seed, the split and n alone, and shows class (n - 1) modulo the number of
    classes. The pictures appear all at once: an interruption leaves the folder as it was.

    Args:
        folder: replaced when it holds a demo of other settings.
        seed: of all pictures.
        num_train: training pictures per class, at least 1.
        num_test: test pictures per class, at least 1.

    Raises:
        UserError: a number is below 1.
        DataError: the folder holds something else.
        ResourceError: the disk is full.
    """
    if min(num_train, num_test) < 1:
        raise UserError(f"`num_train` and `num_test` must be at least 1. Received: {num_train} and {num_test}.")
    settings = {"format": _FORMAT, "seed": seed, "num_train": num_train, "num_test": num_test}
    if _holds(folder, settings):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f".{folder.name}.lock"):
        if not _holds(folder, settings):
            _redraw(folder, settings)


def _holds(folder: Path, settings: dict[str, int]) -> bool:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    if not (folder / _MARKER).is_file():
        raise DataError(
            f"{folder} holds no drawn cars ({_MARKER} is missing), and is not touched. Expected: nothing there, or the "
            "demo as drawn before. Move it away, or choose another folder with --data-dir."
        )
    try:
        return read_json(folder / _MARKER) == settings
    except DataError:  # a damaged marker vouches for nothing: drawing anew repairs it
        return False


def _redraw(folder: Path, settings: dict[str, int]) -> None:
    drawn, outdated = (folder.parent / f".{folder.name}.{state}" for state in ("drawing", "outdated"))
    try:
        with full_disk_named(f"the demo could not be drawn into {folder}"):
            shutil.rmtree(drawn, ignore_errors=True)
            _draw_all(drawn, settings)
            shutil.rmtree(outdated, ignore_errors=True)
            if folder.exists():
                os.replace(folder, outdated)
            os.replace(drawn, folder)
            sync_folder(folder.parent)
    finally:
        shutil.rmtree(drawn, ignore_errors=True)
        shutil.rmtree(outdated, ignore_errors=True)


def _draw_all(folder: Path, settings: dict[str, int]) -> None:
    for split in ("train", "test"):
        for model in CAR_MODELS:
            (folder / "car_data" / split / model.folder_name).mkdir(parents=True)
        numbers = range(1, settings[f"num_{split}"] * len(CAR_MODELS) + 1)
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
            lines = list(
                threads.map(lambda number, split=split: _draw_one(folder, split, number, settings["seed"]), numbers)
            )
        write_text(folder / f"anno_{split}.csv", "".join(lines))
    write_text(folder / "names.csv", "".join(f"{model.name}\n" for model in CAR_MODELS))
    root = folder / "car_data"
    for filled in (*root.glob("*/*"), *root.glob("*"), root):
        sync_folder(filled)
    write_json(folder / _MARKER, settings)


def _draw_one(folder: Path, split: str, number: int, seed: int) -> str:
    """Write one picture and return its line of the annotation file."""
    label = (number - 1) % len(CAR_MODELS)
    model = CAR_MODELS[label]
    picture = draw_picture(model, derive_seed(seed, "demo", split, number))
    name = f"{number:05d}.jpg"
    _, encoded = cv2.imencode(".jpg", picture.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    with open(folder / "car_data" / split / model.folder_name / name, "wb") as file:
        file.write(encoded.tobytes())
        file.flush()
        os.fsync(file.fileno())
    return f"{name},{','.join(str(edge) for edge in picture.box)},{label + 1}\n"
