"""Caltech-UCSD Birds-200-2011, and any data set kept in its layout."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from data.dataset import Dataset
from data.faults import Fault
from data.readers.annotated_set import build_dataset, parse_entries
from data.readers.annotation import Annotation, Box, parse_box
from data.readers.annotation_lines import Line, parse_line, read_class_names, read_keyed, unlisted
from data.readers.bad_entry import BadEntry
from data.readers.contained_folder import ContainedFolder
from data.readers.published_counts import PublishedCounts
from data.readers.published_layout import PublishedLayout

PICTURES, CLASSES, LABELS = "images.txt", "classes.txt", "image_class_labels.txt"
SPLITS, BOXES = "train_test_split.txt", "bounding_boxes.txt"
COUNTS = PublishedCounts("cub200", "CUB-200-2011", 200, {"train": 5994, "test": 5794})
LAYOUT = PublishedLayout(
    COUNTS, ("CUB_200_2011",), (PICTURES, LABELS, CLASSES, SPLITS, BOXES, "images"),
    f"{PICTURES} (number, file), {CLASSES} (number, name), {LABELS} (picture, class), {SPLITS} (picture, 1 for training), "
    f"{BOXES} (picture, x, y, width, height) and images/<class>/",
)
_NUMBER = re.compile(r"^\d+\.")
_SPLIT_NAMES = {"1": "train", "0": "test"}


def read_cub200(folder: Path) -> Dataset:
    """Read labels, split and boxes from the annotation files; the classes are the lines of classes.txt, in that order.

    "001.Black_footed_Albatross" becomes "Black footed Albatross". The annotation counts, also for a picture in the folder of
    another class. Differences from the published numbers are faults of a set called cub200, or of 200 classes.

    Args:
        folder: that holds these files, or CUB_200_2011/ with them, as in the official archive.

    Raises:
        DataError: a file of the layout is missing or is no text, two classes are called the same, or nothing is left to
            train on.
    """
    root = LAYOUT.checked_root(folder)
    names, faults = read_class_names(root / CLASSES, readable_name)
    pictures, bad = read_keyed(root / PICTURES)
    faults += bad
    tables: dict[str, dict[str, Line]] = {}
    for file in (LABELS, SPLITS, BOXES):
        tables[file], bad = read_keyed(root / file)
        faults += [*bad, *unlisted(tables[file], pictures, PICTURES)]
    contained = ContainedFolder(root)
    entries = ((line.where, (number, line.value)) for number, line in pictures.items())
    annotations, bad = parse_entries(entries, _parser(names, tables, contained))
    faults += [*bad, *_faults_of_folders(root / "images", names, annotations, contained)]
    dataset = build_dataset(folder.name, tuple(names.values()), annotations, faults)
    return replace(dataset, faults=(*COUNTS.differences(folder, dataset), *dataset.faults))


def readable_name(name: str) -> str:
    """Return "Black footed Albatross" for "001.Black_footed_Albatross"."""
    return _NUMBER.sub("", name).replace("_", " ").strip()


def _parser(
    names: dict[str, str], tables: dict[str, dict[str, Line]], contained: ContainedFolder
) -> Callable[[str, tuple[str, str]], Annotation]:
    def parse(where: str, entry: tuple[str, str]) -> Annotation:
        number, picture = entry
        path = contained.locate(f"images/{picture}" if not picture.startswith("/") else picture)
        parsers = ((SPLITS, _split), (LABELS, class_name), (BOXES, _box))
        split, name, box = (parse_line(tables[file], number, file, parse_value) for file, parse_value in parsers)
        return Annotation(where, path, split, name, box)

    def class_name(label: str) -> str:
        if label not in names:
            message = f"There is no such class in {CLASSES}. Expected: a number from 1 to {len(names)}. Received: {label[:80]}."
            raise BadEntry("label_out_of_range", message)
        return names[label]

    return parse


def _split(text: str) -> str:
    if text not in _SPLIT_NAMES:
        raise BadEntry("annotation_malformed", f"Expected: 1 for training, 0 for test. Received: {text[:80]}.")
    return _SPLIT_NAMES[text]


def _box(text: str) -> Box:
    """The box of x, y, width and height."""
    values = text.split()
    if len(values) != 4:
        raise BadEntry("annotation_malformed", f"Expected x, y, width and height. Received: {text[:80]}.")
    try:
        x, y, width, height = (float(value) for value in values)
    except ValueError as error:
        raise BadEntry("annotation_malformed", f"Expected four numbers. Received: {text[:80]}.") from error
    return parse_box((x, y, x + width, y + height))


def _faults_of_folders(
    place: Path, names: dict[str, str], annotations: list[Annotation], contained: ContainedFolder
) -> Iterator[Fault]:
    """Pictures in the folder of another class, and what lies among the pictures and is not used."""
    for annotation in annotations:
        folder = readable_name(annotation.path.parent.name)
        if folder in names.values() and folder != annotation.class_name:
            message = f"{LABELS} says {annotation.class_name!r} of the picture of {annotation.where}. The annotation counts."
            yield Fault("folder_contradicts", str(annotation.path), message, "reported")
    yield from contained.refused(place)
    for folder in contained.folders(place):
        yield from contained.refused(folder)
        yield from contained.unnamed(folder)
