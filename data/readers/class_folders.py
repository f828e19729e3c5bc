"""Any folder of class folders, with or without train / validation / test above them."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError
from data.dataset import Dataset, Split

VALIDATION_NAMES = ("val", "valid", "validation")
SPLIT_FOLDERS = {"train": "train", "test": "test"} | dict.fromkeys(VALIDATION_NAMES, "validation")
PICTURE_ENDINGS = frozenset((".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"))
SYSTEM_NAMES = frozenset(("__MACOSX", "@eaDir", "$RECYCLE.BIN", "Thumbs.db", "desktop.ini"))


@dataclass
class _Found:
    """What one pass over the folders has seen."""

    paths: dict[str, dict[str, list[Path]]] = field(default_factory=dict)  # split -> class -> files
    other_endings: Counter = field(default_factory=Counter)
    nested: set[str] = field(default_factory=set)


def read_class_folders(folder: Path) -> Dataset:
    """Read `<folder>/<class>/<picture>` or `<folder>/<split>/<class>/<picture>`.

    Splits are called train, val | valid | validation, and test, in any case. The classes are the folders' names in
    sorted order, over all splits. Hidden folders, stray files and files without a picture's ending are left out.

    Raises:
        DataError: there are no class folders with pictures, or a split is there twice, or train is missing.
    """
    found = _Found()
    for split, place in _split_folders(folder).items():
        found.paths[split] = {entry.name: _pictures(entry, found) for entry in visible_folders(place)}
    names = sorted({name for classes in found.paths.values() for name, paths in classes.items() if paths})
    if len(names) < 2:
        raise DataError(_too_few(folder, names, found))
    index = {name: label for label, name in enumerate(names)}
    splits = {split: _to_split(classes, index) for split, classes in found.paths.items() if any(classes.values())}
    return Dataset(folder.name, tuple(names), splits, tuple(_notes(names, found)))


def visible_folders(folder: Path) -> list[Path]:
    """Return the folders in `folder` sorted by name, without hidden ones and those of the operating system."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}.") from error
    return [entry for entry in entries if _is_visible(entry) and entry.is_dir()]


def _is_visible(entry: Path) -> bool:
    return not entry.name.startswith(".") and entry.name not in SYSTEM_NAMES


def _split_folders(folder: Path) -> dict[str, Path]:
    """The folder of each split; the source itself as "train" when it has no split folders."""
    places = {}
    for entry in visible_folders(folder):
        split = SPLIT_FOLDERS.get(entry.name.lower())
        if split is None or not visible_folders(entry):
            continue
        if split in places:
            raise DataError(
                f"{folder} holds the {split} split twice: {places[split].name} and {entry.name}. Keep one of them."
            )
        places[split] = entry
    if not places:
        return {"train": folder}
    if "train" not in places:
        raise DataError(f"{folder} has the splits {', '.join(places)}, but no folder 'train' with class folders.")
    return places


def _pictures(class_folder: Path, found: _Found) -> list[Path]:
    paths = []
    for entry in sorted(class_folder.iterdir(), key=lambda entry: entry.name):
        if not _is_visible(entry):
            continue
        if entry.is_dir():
            found.nested.add(class_folder.name)
        elif entry.suffix.lower() in PICTURE_ENDINGS:
            paths.append(entry)
        else:
            found.other_endings[entry.suffix.lower() or "no ending"] += 1
    return paths


def _to_split(classes: dict[str, list[Path]], index: dict[str, int]) -> Split:
    pairs = [(path, index[name]) for name in sorted(classes) for path in classes[name]]
    return Split(tuple(path for path, _ in pairs), np.array([label for _, label in pairs], np.int32))


def _too_few(folder: Path, names: list[str], found: _Found) -> str:
    received = f"one class with pictures ({names[0]})" if names else "no folder with pictures"
    hint = f" Folders inside class folders are not searched: {_some(found.nested)}." if found.nested else ""
    return (
        f"{folder} holds {received}. Expected: at least two class folders with picture files "
        f"({', '.join(sorted(PICTURE_ENDINGS))}), or such folders inside train, validation and test.{hint}"
    )


def _notes(names: list[str], found: _Found) -> list[str]:
    notes = []
    everything = {name for classes in found.paths.values() for name in classes}
    if empty := everything - set(names):
        notes.append(f"Folders without pictures are no classes: {_some(empty)}.")
    for split, classes in found.paths.items():
        if absent := {name for name in names if not classes.get(name)}:
            notes.append(f"Classes without a picture in {split}: {_some(absent)}.")
    if found.other_endings:
        kinds = ", ".join(f"{count} {ending}" for ending, count in sorted(found.other_endings.items()))
        notes.append(f"Files left out because their ending is no picture's: {kinds}.")
    if found.nested:
        notes.append(f"Folders inside class folders are not searched: {_some(found.nested)}.")
    return notes


def _some(names: set[str]) -> str:
    shown = sorted(names)[:5]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
