"""Any folder of class folders, with or without train / validation / test above them."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from car_classifier.base.counts import describe_count
from car_classifier.base.errors import DataError
from data.dataset import Dataset, Split
from data.faults import Fault
from data.picture_kind import why_not_read
from data.readers.contained_folder import PICTURE_ENDINGS, ContainedFolder
from data.readers.split_names import SPLITS_BY_NAME

ClassFolders = dict[str, list[Path]]  # the picture files of each class


def read_class_folders(folder: Path) -> Dataset:
    """Read `<folder>/<class>/<picture>` or `<folder>/<split>/<class>/<picture>`.

    Splits are called train, val | valid | validation, and test, in any case. The classes are the folders' names in
    sorted order, over all splits. Hidden folders and stray files are no classes. A file with another ending than a picture's
    is one if it begins like one; all others, and folders inside class folders, are left out and named.

    Raises:
        DataError: there are no class folders with pictures, or a split is there twice, or train is missing.
    """
    contained = ContainedFolder(folder)
    places = _split_folders(contained)
    found = {
        split: {entry.name: contained.pictures(entry) for entry in contained.folders(place)} for split, place in places.items()
    }
    names = sorted({name for classes in found.values() for name, paths in classes.items() if paths})
    faults = [*_faults_of_places(contained, places), *_empty_classes(found, names)]
    if len(names) < 2:
        raise DataError(_too_few(contained, names, faults))
    index = {name: label for label, name in enumerate(names)}
    splits = {split: _to_split(classes, index) for split, classes in found.items() if any(classes.values())}
    return Dataset(folder.name, tuple(names), splits, tuple(_unread_tables(contained)), tuple(faults))


def _split_folders(contained: ContainedFolder) -> dict[str, Path]:
    """The folder of each split; the source itself as "train" when it has no split folders."""
    places: dict[str, Path] = {}
    for entry in contained.folders(contained.root):
        split = SPLITS_BY_NAME.get(entry.name.lower())
        if split is None or not contained.folders(entry):
            continue
        if split in places:
            raise DataError(
                f"{contained.root} holds the {split} split twice: {places[split].name} and {entry.name}. Keep one of them."
            )
        places[split] = entry
    if not places:
        return {"train": contained.root}
    if "train" not in places:
        raise DataError(f"{contained.root} has the splits {', '.join(places)}, but no folder 'train' with class folders.")
    return places


def _to_split(classes: ClassFolders, index: dict[str, int]) -> Split:
    pairs = [(path, index[name]) for name in sorted(classes) for path in classes[name]]
    return Split(tuple(path for path, _ in pairs), np.array([label for _, label in pairs], np.int32))


def _faults_of_places(contained: ContainedFolder, places: dict[str, Path]) -> Iterator[Fault]:
    root = contained.root
    if root not in places.values():
        yield from contained.refused(root)
        yield from _left_aside(contained.pictures(root), "file_without_annotation", "It lies beside the splits' folders.")
        beside = [entry for entry in contained.folders(root) if entry not in places.values()]
        yield from _left_aside(beside, "folder_not_searched", "It lies beside the splits' folders, and is not searched.")
    for place in places.values():
        yield from contained.refused(place)
        yield from _left_aside(contained.pictures(place), "file_without_annotation", "It lies in no class folder.")
        for entry in contained.folders(place):
            yield from _faults_of_class(contained, entry)


def _faults_of_class(contained: ContainedFolder, folder: Path) -> Iterator[Fault]:
    yield from contained.refused(folder)
    yield from _left_aside(contained.folders(folder), "folder_not_searched", "Folders inside class folders are not searched.")
    pictures = set(contained.pictures(folder))
    for path in contained.files(folder):
        if path not in pictures:
            reason = why_not_read(path) or "neither its ending nor its content is a picture's"
            yield Fault("file_not_picture", str(path), f"{reason[0].upper()}{reason[1:]}.", "left_out")


def _left_aside(paths: Sequence[Path], kind: str, message: str) -> Iterator[Fault]:
    for path in paths:
        yield Fault(kind, str(path), message, "left_out")


def _unread_tables(contained: ContainedFolder) -> Iterator[str]:
    for path in contained.files(contained.root):
        if path.suffix.lower() == ".csv":
            yield f"{path.name} is not read: the folders give the labels. To take them from it, pass --data {path}."


def _empty_classes(found: dict[str, ClassFolders], names: Sequence[str]) -> Iterator[Fault]:
    for name in sorted({name for classes in found.values() for name in classes} - set(names)):
        yield Fault("class_empty", name, "There is no picture in the folder of this name, so it is no class.", "left_out")


def _too_few(contained: ContainedFolder, names: Sequence[str], faults: Sequence[Fault]) -> str:
    received = f"one class with pictures ({names[0]})" if names else "no folder with pictures"
    causes = [fault for fault in faults if fault.kind != "class_empty"]
    first = f" The first of {describe_count(len(causes), 'fault')}: {causes[0].where}: {causes[0].message}" if causes else ""
    tables = [path for path in contained.files(contained.root) if path.suffix.lower() == ".csv"]
    inner = [folder for folder in contained.folders(contained.root) if len(contained.folders(folder)) > 1]
    hint = f"\nIf its classes are in {inner[0].name}/, pass --data {shlex.quote(str(inner[0]))}." if len(inner) == 1 else ""
    table = f"\nIf {tables[0].name} gives the labels, pass --data {shlex.quote(str(tables[0]))}." if tables else ""
    return (
        f"{contained.root} holds {received}. Expected: at least two class folders with picture files "
        f"({', '.join(sorted(PICTURE_ENDINGS))}), or such folders inside train, validation and test.{first}{hint}{table}"
    )
