"""Stanford Cars, in whichever of its three layouts it lies there."""

from dataclasses import replace
from pathlib import Path

from car_classifier.base.errors import DataError
from data.dataset import Dataset
from data.readers import cars_by_classes, cars_matlab
from data.readers.published_counts import PublishedCounts

COUNTS = PublishedCounts("stanford_cars", "Stanford Cars", 196, {"train": 8144, "test": 8041})

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
    return replace(dataset, faults=(*COUNTS.differences(folder, dataset), *dataset.faults))


def holds_stanford_cars(folder: Path) -> bool:
    """Say whether a folder is meant to be in one of the layouts."""
    return any((folder / marks[0]).exists() for marks, _ in LAYOUTS)
