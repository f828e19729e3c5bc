"""Whether classes, splits and groups of a data set fit together, whatever its source."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from data.dataset import SPLIT_NAMES, Dataset
from data.faults import Fault

SHOWN = 5  # names in one message


def check_consistency(dataset: Dataset) -> Iterator[Fault]:
    """Yield what is wrong with classes that lack pictures, classes that are called alike, and groups in two splits."""
    yield from classes_without_pictures(dataset)
    yield from _classes_alike(dataset)
    yield from _divided_groups(dataset)


def classes_without_pictures(dataset: Dataset) -> Iterator[Fault]:
    """Yield a fault for each class that some split lacks, or all."""
    splits = [name for name in SPLIT_NAMES if name in dataset.splits]
    counts = {name: dataset.counts(name) for name in splits}
    for label, class_name in enumerate(dataset.class_names):
        absent = [name for name in splits if not counts[name][label]]
        if len(absent) == len(splits):
            yield Fault("class_empty", class_name, "No picture of this class is there.", "reported")
        elif absent:
            present = " and ".join(name for name in splits if name not in absent)
            message = f"This class has pictures in {present}, but none in {' and '.join(absent)}."
            yield Fault("class_missing_in_split", class_name, message, "reported")


def _classes_alike(dataset: Dataset) -> Iterator[Fault]:
    alike = defaultdict(list)
    for class_name in dataset.class_names:
        alike[unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", class_name).casefold())].append(class_name)
    for names in alike.values():
        if len(names) > 1:
            shown = ", ".join(ascii(name) if not name.isascii() else repr(name) for name in names)
            message = f"These {len(names)} classes differ only in case or in Unicode form: {shown}. They are kept apart."
            yield Fault("classes_alike", ", ".join(names), message, "reported")


def _divided_groups(dataset: Dataset) -> Iterator[Fault]:
    splits_of = defaultdict(list)
    for name in SPLIT_NAMES:
        if name in dataset.splits:
            for group in dict.fromkeys(dataset.splits[name].groups or ()):
                splits_of[group].append(name)
    for group, splits in splits_of.items():
        if group and len(splits) > 1:
            message = f"Pictures of this group stand in {' and '.join(splits)}, so one split gives away another: "
            yield Fault("group_in_two_splits", group, message + _files(dataset, group, splits), "reported")


def _files(dataset: Dataset, group: str, splits: list[str]) -> str:
    names = [
        f"{name}: {path.name}"
        for name in splits
        for path, other in zip(dataset.splits[name].paths, dataset.splits[name].groups or (), strict=True)
        if other == group
    ]
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more." if len(names) > SHOWN else ".")
