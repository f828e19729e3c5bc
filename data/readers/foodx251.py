"""FoodX-251: dishes, with noisy training labels and verified validation labels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from data.dataset import Dataset
from data.readers.annotated_set import build_dataset, parse_entries
from data.readers.annotation import Annotation
from data.readers.annotation_lines import read_class_names, read_lines
from data.readers.bad_entry import BadEntry
from data.readers.contained_folder import ContainedFolder, is_named_like_picture
from data.readers.published_counts import PublishedCounts
from data.readers.published_layout import PublishedLayout

CLASSES = "class_list.txt"
# The labels of the published test pictures were never released, so the verified validation pictures are the test.
PARTS = {"train": "train", "val": "test"}
COUNTS = PublishedCounts("foodx251", "FoodX-251", 251, {"train": 118_475, "test": 11_994})
SETS = ("train_set", "val_set", "test_set")  # the folders of pictures
APART = "annot"  # the archive of the annotations has them in this folder


def _layout(annotations: str) -> PublishedLayout:
    files = [f"{annotations}{file}" for file in (CLASSES, "train_info.csv", "val_info.csv")]
    return PublishedLayout(
        COUNTS, (), (*files, *SETS[:2]),
        f"{CLASSES} (number from 0, name), train_info.csv and val_info.csv (picture,class number), these perhaps in {APART}/, "
        "train_set/ and val_set/", SETS,
    )


def _place_of_annotations(folder: Path) -> str:
    return f"{APART}/" if (folder / APART).is_dir() and not (folder / CLASSES).exists() else ""


def holds_foodx251(folder: Path) -> bool:
    """Say whether a folder is meant to be in this layout, its annotations beside the pictures, in a folder of their own, or
    not unpacked yet."""
    return _layout(_place_of_annotations(folder)).is_in(folder) or sum(_holds_pictures(folder / part) for part in SETS) > 1


def _holds_pictures(folder: Path) -> bool:
    return any(is_named_like_picture(path) for path in folder.glob("*"))


def read_foodx251(folder: Path) -> Dataset:
    """Read the labels from the annotation files; the classes are the lines of class_list.txt, in that order.

    "pad_thai" becomes "pad thai". The validation pictures, whose labels were verified, are the test split; the labels of
    test_set/ are not published, so it is not used. Differences from the published numbers are faults of a set called
    foodx251, or of 251 classes.

    Raises:
        DataError: a file of the layout is missing or is no text, two classes are called the same, or nothing is left to
            train on.
    """
    place = _place_of_annotations(folder)
    root = _layout(place).checked_root(folder)
    names, faults = read_class_names(root / place / CLASSES, lambda name: name.replace("_", " "))
    contained = ContainedFolder(root)
    annotations, notes = [], []
    for part, split in PARTS.items():
        found, bad = parse_entries(_entries(root / place / f"{part}_info.csv"), _parser(part, split, names, contained))
        pictures = root / f"{part}_set"
        annotations, faults = annotations + found, [*faults, *bad, *contained.refused(pictures), *contained.unnamed(pictures)]
    if (root / "test_set").is_dir():
        notes.append("The labels of test_set/ were never published, so it is not used: val_set/ is the test split.")
    dataset = build_dataset(folder.name, tuple(names.values()), annotations, faults, notes=notes)
    return replace(dataset, faults=(*COUNTS.differences(folder, dataset), *dataset.faults))


def _entries(path: Path) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(read_lines(path)):
        values = [value.strip() for value in line.value.split(",")]
        if number or not _names_columns(values):
            yield line.where, values


def _names_columns(values: Sequence[str]) -> bool:
    """Some copies begin with "img_name,label"."""
    return len(values) == 2 and not Path(values[0]).suffix and not values[1].isdecimal()


def _parser(
    part: str, split: str, names: dict[str, str], contained: ContainedFolder
) -> Callable[[str, list[str]], Annotation]:
    def parse(where: str, values: list[str]) -> Annotation:
        if len(values) != 2:
            raise BadEntry("annotation_malformed", f"Expected: picture,class number. Received: {','.join(values)[:80]}.")
        file, label = values
        path = contained.locate(f"{part}_set/{file}" if not file.startswith("/") else file)
        if label not in names:
            message = f"There is no such class in {CLASSES}. Expected: a number from 0 to {len(names) - 1}. Received: {label}."
            raise BadEntry("label_out_of_range", message)
        return Annotation(where, path, split, names[label])

    return parse
