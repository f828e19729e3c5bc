"""The layout "by classes folder" of Stanford Cars, for any data set kept in it."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from car_classifier.base.errors import DataError
from data.dataset import Dataset
from data.faults import Fault
from data.readers.annotated_set import build_dataset, parse_entries
from data.readers.annotation import Annotation, parse_box, parse_class
from data.readers.bad_entry import BadEntry
from data.readers.contained_folder import ContainedFolder

FILES = ("names.csv", "anno_train.csv", "anno_test.csv")
LAYOUT = (
    "names.csv (a class name per line), anno_train.csv and anno_test.csv (lines of file, x_min, y_min, x_max, y_max, "
    "class number from 1), and car_data/train/<class>/ and car_data/test/<class>/ "
    "('/' in a class name is '-' in its folder)"
)


def read_cars_by_classes(folder: Path) -> Dataset:
    """Read labels and boxes from the annotation files; the classes are the lines of names.csv, in that order.

    Raises:
        DataError: a file of the layout is missing or is no table, or nothing is left to train on.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise DataError(f"{folder} lacks {', '.join(missing)}. Expected: {LAYOUT}.")
    names = _read_names(folder / "names.csv")
    contained = ContainedFolder(folder)
    annotations, faults = [], []
    for split in ("train", "test"):
        pictures = _ClassFolders(contained, _pictures_of(folder, split), names)
        found, bad = parse_entries(_entries(folder / f"anno_{split}.csv"), _parser(split, names, pictures))
        annotations += found
        faults += [*bad, *pictures.faults()]
    return build_dataset(folder.name, names, annotations, faults)


def _read_names(path: Path) -> tuple[str, ...]:
    names = tuple(",".join(row).strip() for _, row in _entries(path))
    twice = {name for name, count in Counter(names).items() if count > 1}
    if twice:
        raise DataError(f"{path} names a class more than once: {', '.join(sorted(twice))}.")
    return names


def _entries(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Where each line stands, and its values."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            for row in reader:
                if row:
                    yield f"{path}, line {reader.line_num}", [value.strip() for value in row]
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8. Save it as comma-separated text in UTF-8.") from error
    except (OSError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}. Expected: comma-separated text in UTF-8.") from error


def _pictures_of(folder: Path, split: str) -> Path:
    """The folder of class folders of a split; the archive of the data set nests `car_data` twice."""
    for place in (folder / "car_data" / split, folder / "car_data" / "car_data" / split):
        if place.is_dir():
            return place
    raise DataError(f"{folder} lacks car_data/{split}. Expected: {LAYOUT}.")


def _parser(split: str, names: Sequence[str], pictures: "_ClassFolders") -> Callable[[str, list[str]], Annotation]:
    def parse(where: str, row: list[str]) -> Annotation:
        if len(row) != 6:
            raise BadEntry(
                "annotation_malformed",
                f"It is no annotation. Expected: file,x_min,y_min,x_max,y_max,class number. Received: {','.join(row)}.",
            )
        class_name = parse_class(row[5], names)
        path = pictures.locate(row[0], class_name, where)
        return Annotation(where, path, split, class_name, parse_box(row[1:5]))

    return parse


class _ClassFolders:
    """The pictures of a split in folders named after classes.

    The annotation decides the class. Where all files of the split have different names, as in Stanford Cars, a picture is
    also found in the folder of another class, or in one that no class is named after.
    """

    def __init__(self, contained: ContainedFolder, place: Path, names: Sequence[str]):
        self._contained, self._place = contained, place
        self._known = {name.replace("/", "-") for name in names}
        self._folders = contained.folders(place)
        paths = [path for folder in self._folders for path in contained.files(folder)]
        counts = Counter(path.name for path in paths)
        self._by_name = {path.name: path for path in paths} if len(counts) == len(paths) else {}
        self._elsewhere: list[Fault] = []

    def locate(self, file: str, class_name: str, where: str) -> Path:
        own = self._place / class_name.replace("/", "-")
        if "/" in file or "\\" in file:
            raise BadEntry("path_leaves_folder", f"{file!r} is no plain file name. Expected: one inside the class's folder.")
        relative = str(own.relative_to(self._contained.root) / file) if file else ""
        try:
            return self._contained.locate(relative)
        except BadEntry as bad:
            path = self._by_name.get(file)
            if bad.kind != "file_missing" or path is None:
                raise
        self._elsewhere.append(Fault(
            "folder_contradicts", str(path), f"{where} says {class_name!r}, so the folder should be {own.name!r}. The "
            "annotation counts.", "reported",
        ))
        return self._contained.locate(str(path.relative_to(self._contained.root)))

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the folders, after all files have been located."""
        yield from self._elsewhere
        yield from self._contained.refused(self._place)
        for folder in self._folders:
            yield from self._contained.refused(folder)
            if folder.name not in self._known:
                yield Fault(
                    "folder_contradicts", str(folder), "No class of names.csv is called like this folder (was it renamed?).",
                    "reported",
                )
            yield from self._contained.unnamed(folder)
