"""Stanford Cars in the layout "by classes folder", and any data set kept in that layout."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError
from data.dataset import Dataset, Split
from data.readers.class_folders import PICTURE_ENDINGS, visible_folders

LAYOUT = (
    "names.csv (a class name per line), anno_train.csv and anno_test.csv (lines of file, x_min, y_min, x_max, y_max, "
    "class number from 1), and car_data/train/<class>/ and car_data/test/<class>/ "
    "('/' in a class name is '-' in its folder)"
)


@dataclass(frozen=True)
class _Annotation:
    file: str
    box: tuple[float, float, float, float]
    label: int


def read_stanford_cars(folder: Path) -> Dataset:
    """Read labels and boxes from the annotation files; the classes are the lines of names.csv, in that order.

    Annotations of absent files and files without annotation are left out and noted, so a part of the data set works.

    Raises:
        DataError: a file of the layout is missing or malformed, or a class folder is missing or renamed.
    """
    missing = [name for name in ("names.csv", "anno_train.csv", "anno_test.csv") if not (folder / name).is_file()]
    if missing:
        raise DataError(f"{folder} lacks {', '.join(missing)}. Expected: {LAYOUT}.")
    names = _read_names(folder / "names.csv")
    places = {split: _pictures_of(folder, split) for split in ("train", "test")}
    notes: list[str] = []
    splits = {
        split: _read_split(place, _read_annotations(folder / f"anno_{split}.csv", len(names)), names, notes)
        for split, place in places.items()
    }
    splits = {split: content for split, content in splits.items() if len(content) or split == "train"}
    return Dataset(folder.name, names, splits, tuple(notes))


def _read_rows(path: Path) -> list[list[str]]:
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            return [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}. Expected: comma-separated text in UTF-8.") from error


def _read_names(path: Path) -> tuple[str, ...]:
    names = tuple(",".join(row).strip() for row in _read_rows(path))
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise DataError(f"{path} names a class more than once: {', '.join(sorted(twice))}.")
    return names


def _pictures_of(folder: Path, split: str) -> Path:
    """The folder of class folders of a split; the archive of the data set nests `car_data` twice."""
    for place in (folder / "car_data" / split, folder / "car_data" / "car_data" / split):
        if place.is_dir():
            return place
    raise DataError(f"{folder} lacks car_data/{split}. Expected: {LAYOUT}.")


def _read_annotations(path: Path, num_classes: int) -> list[_Annotation]:
    return [_parse(row, path, line, num_classes) for line, row in enumerate(_read_rows(path), start=1)]


def _parse(row: list[str], path: Path, line: int, num_classes: int) -> _Annotation:
    where = f"{path}, line {line}: {','.join(row)!r}"
    try:
        file, *numbers = (value.strip() for value in row)
        x_min, y_min, x_max, y_max, label = (float(value) for value in numbers)
    except ValueError as error:
        raise DataError(f"{where} is no annotation. Expected: file,x_min,y_min,x_max,y_max,class number.") from error
    if label not in range(1, num_classes + 1):
        raise DataError(f"{where} has an unknown class. Expected: a class number from 1 to {num_classes}.")
    if not (np.isfinite((x_min, y_min, x_max, y_max)).all() and x_max > x_min and y_max > y_min):
        raise DataError(f"{where} has a box with no area. Expected: x_max > x_min and y_max > y_min.")
    if not file or "/" in file or "\\" in file or file.startswith("."):
        raise DataError(f"{where} names no file. Expected: a plain file name.")
    return _Annotation(file, (x_min, y_min, x_max, y_max), int(label) - 1)


def _read_split(place: Path, annotations: list[_Annotation], names: tuple[str, ...], notes: list[str]) -> Split:
    folders = [name.replace("/", "-") for name in names]
    _check_folders(place, {folders[annotation.label] for annotation in annotations}, set(folders))
    present = {
        (class_folder.name, file.name)
        for class_folder in visible_folders(place)
        for file in class_folder.iterdir()
        if file.suffix.lower() in PICTURE_ENDINGS and not file.name.startswith(".")
    }
    used = [annotation for annotation in annotations if (folders[annotation.label], annotation.file) in present]
    paths = tuple(place / folders[annotation.label] / annotation.file for annotation in used)
    _note_differences(place.name, len(annotations) - len(used), len(present) - len(set(paths)), notes)
    labels = np.array([annotation.label for annotation in used], np.int32)
    if absent := len(names) - len(set(labels.tolist())):
        notes.append(f"{absent} of {len(names)} classes have no picture in {place.name}.")
    return Split(paths, labels, np.array([annotation.box for annotation in used], np.float32).reshape(-1, 4))


def _check_folders(place: Path, annotated: set[str], known: set[str]) -> None:
    present = {entry.name for entry in visible_folders(place)}
    missing, unknown = sorted(annotated - present), sorted(present - known)
    if missing:
        found = f" Folders there that no class is named after: {', '.join(unknown[:5])}." if unknown else ""
        raise DataError(
            f"{place} lacks the folder {missing[0]!r}"
            + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
            + f", which annotations name (was it renamed?).{found} Expected: folders named as in names.csv, "
            "with '-' for '/'."
        )


def _note_differences(split: str, absent: int, surplus: int, notes: list[str]) -> None:
    if absent:
        notes.append(f"{absent} annotations of {split} name files that are not there; they are left out.")
    if surplus:
        notes.append(f"{surplus} files of {split} have no annotation; they are left out.")
