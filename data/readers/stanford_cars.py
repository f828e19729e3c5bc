"""Stanford Cars, in whichever of its three layouts it lies there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from car_classifier.base.errors import DataError
from data.dataset import Dataset
from data.faults import Fault
from data.readers import cars_by_classes, cars_matlab

NUM_CLASSES = 196
NUM_PICTURES = {"train": 8144, "test": 8041}

LAYOUTS = (  # what tells a layout, the surest mark first, and its reader
    (("anno_train.csv", "anno_test.csv", "names.csv"), cars_by_classes.read_cars_by_classes),
    (("devkit", "cars_train"), cars_matlab.read_development_kit),
    (("cars_annos.mat", "car_ims"), cars_matlab.read_single_annotation_file),
)


def read_stanford_cars(folder: Path) -> Dataset:
    """Read labels and boxes from the annotation files; folders only say where pictures lie.

    Entries that cannot be used and files without annotation are left out and named among the faults, so a part of the data
    set works. Differences from the published numbers are faults of a set called stanford_cars, or of 196 classes.

    Raises:
        DataError: no layout is there as a whole, a file of it is damaged, or nothing is left to train on.
    """
    found = [
        read for complete in (all, any) for marks, read in LAYOUTS if complete((folder / mark).exists() for mark in marks)
    ]
    if not found:
        raise DataError(
            f"{folder} holds no layout of Stanford Cars. Expected one of three:\n{cars_by_classes.LAYOUT}; or\n"
            f"{cars_matlab.KIT_LAYOUT}; or {cars_matlab.SINGLE_LAYOUT}."
        )
    dataset = found[0](folder)
    if folder.name != "stanford_cars" and len(dataset.class_names) != NUM_CLASSES:
        return dataset
    return replace(dataset, faults=(*_differences(folder, dataset), *dataset.faults))


def holds_stanford_cars(folder: Path) -> bool:
    """Say whether a folder is meant to be in one of the layouts."""
    return any((folder / marks[0]).exists() for marks, _ in LAYOUTS)


def _differences(folder: Path, dataset: Dataset) -> Iterator[Fault]:
    received = {"classes": (len(dataset.class_names), NUM_CLASSES)}
    for split, published in NUM_PICTURES.items():
        received[f"{split} pictures"] = (len(dataset.splits.get(split, ())), published)
    for what, (count, published) in received.items():
        if count != published:
            message = f"{count:,} {what} can be used. Stanford Cars as published has {published:,}."
            yield Fault("counts_differ", str(folder), message, "reported")
