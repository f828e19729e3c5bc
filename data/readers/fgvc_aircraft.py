"""FGVC-Aircraft: 100 variants of aircraft, with their families and manufacturers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from data.dataset import Dataset
from data.faults import Fault
from data.readers.annotated_set import build_dataset, parse_entries
from data.readers.annotation import Annotation, Box, parse_box
from data.readers.annotation_lines import Line, check_different, parse_line, read_keyed, read_lines
from data.readers.bad_entry import BadEntry
from data.readers.contained_folder import ContainedFolder
from data.readers.published_counts import PublishedCounts
from data.readers.published_layout import PublishedLayout

NAMES, BOXES = "variants.txt", "images_box.txt"
LEVELS = ("family", "manufacturer")
BANNER = 20  # rows at the bottom of every picture that name the photographer: they give the answer away
_DESCRIBED = (
    f"in data/: {NAMES}, {BOXES}, images/ and, for each of variant, family and manufacturer, images_<level>_trainval.txt (or "
    "_train.txt and _val.txt) and images_<level>_test.txt, with lines of picture and name"
)


# The half of the training pictures that the authors call validation trains too, as in the published results.
PARTS = {"trainval": "train", "test": "test"}
HALVES = {"train": "train", "val": "validation", "test": "test"}  # where the files of both halves are missing
OWN_VALIDATION = (
    "There is no images_<level>_trainval.txt, so the pictures that the authors call validation validate; in the published "
    "results they train."
)


def _layout(parts: Mapping[str, str]) -> PublishedLayout:
    tells = "images_variant_test.txt"
    files = [f"images_{level}_{part}.txt" for level in ("variant", *LEVELS) for part in parts]
    needed = (NAMES, tells, BOXES, *(file for file in files if file != tells), "images")
    published = {"trainval": 6667, "train": 3334, "val": 3333, "test": 3333}
    counts = PublishedCounts("fgvc_aircraft", "FGVC-Aircraft", 100, {split: published[part] for part, split in parts.items()})
    return PublishedLayout(counts, ("data", "fgvc-aircraft-2013b/data"), needed, _DESCRIBED)


LAYOUT = _layout(PARTS)


def read_fgvc_aircraft(folder: Path) -> Dataset:
    """Read variants, split and boxes from the annotation files; the classes are the lines of variants.txt, in that order.

    Families and manufacturers become the levels of the data set. `trainval` trains; where it is missing, `train` and `val`
    are the training and the validation split. The banner below every photograph is cut off when a picture is opened.

    Args:
        folder: that holds these files, or data/ or fgvc-aircraft-2013b/data/ with them, as in the official archive.

    Raises:
        DataError: a file of the layout is missing or is no text, or nothing is left to train on.
    """
    parts = _parts(LAYOUT.root(folder))
    layout = _layout(parts)
    root = layout.checked_root(folder)
    names = tuple(line.value for line in read_lines(root / NAMES))
    check_different(root / NAMES, names)
    boxes, faults = read_keyed(root / BOXES)
    contained = ContainedFolder(root)
    annotations: list[Annotation] = []
    for part, split in parts.items():
        lines, bad = read_keyed(root / f"images_variant_{part}.txt")
        entries = ((line.where, (number, line.value)) for number, line in lines.items())
        found, worse = parse_entries(entries, _parser(split, names, boxes, contained))
        annotations, faults = annotations + found, faults + bad + worse
    levels, bad = _levels(root, list(parts), names, annotations)
    faults += [*bad, *contained.refused(root / "images"), *contained.unnamed(root / "images")]
    notes = [] if parts is PARTS else [OWN_VALIDATION]
    dataset = build_dataset(folder.name, names, annotations, faults, notes=notes)
    splits = {name: replace(split, banners=np.full(len(split), BANNER)) for name, split in dataset.splits.items()}
    return replace(dataset, splits=splits, levels=levels, faults=(*layout.counts.differences(folder, dataset), *dataset.faults))


def _parts(root: Path) -> dict[str, str]:
    """The parts that train and test; a copy without a single file of both halves was meant to be without."""
    is_whole = any((root / f"images_{level}_trainval.txt").exists() for level in ("variant", *LEVELS))
    return HALVES if (root / "images_variant_train.txt").exists() and not is_whole else PARTS


def _parser(
    split: str, names: Sequence[str], boxes: dict[str, Line], contained: ContainedFolder
) -> Callable[[str, tuple[str, str]], Annotation]:
    def parse(where: str, entry: tuple[str, str]) -> Annotation:
        number, name = entry
        if "/" in number or "\\" in number:
            raise BadEntry("path_leaves_folder", f"{number!r} is no number of a picture. Expected: one such as 1025794.")
        path = contained.locate(f"images/{number}.jpg")
        if name not in names:
            raise BadEntry("label_out_of_range", f"{name!r} is not in {NAMES}, which has {len(names)} variants.")
        return Annotation(where, path, split, name, parse_line(boxes, number, BOXES, _box))

    return parse


def _box(text: str) -> Box:
    """The box of the first and the last column and row, which are counted from 1 and lie inside."""
    values = text.split()
    if len(values) != 4 or not all(value.isdecimal() for value in values):
        raise BadEntry("annotation_malformed", f"Expected xmin, ymin, xmax and ymax. Received: {text[:80]}.")
    x_min, y_min, x_max, y_max = (int(value) for value in values)
    return parse_box((x_min - 1, y_min - 1, x_max, y_max))


def _levels(
    root: Path, parts: Sequence[str], names: Sequence[str], annotations: Sequence[Annotation]
) -> tuple[dict[str, tuple[str, ...]], list[Fault]]:
    """Family and manufacturer of each variant: those of most of its pictures; "" where there are none."""
    levels, faults = {}, []
    for level in LEVELS:
        lines: dict[str, Line] = {}
        for part in parts:
            found, bad = read_keyed(root / f"images_{level}_{part}.txt")
            lines, faults = found | lines, faults + bad
        said: dict[str, list[Line]] = {name: [] for name in names}
        for annotation in annotations:
            if annotation.path.stem in lines:
                said[annotation.class_name].append(lines[annotation.path.stem])
            else:
                faults.append(_level_fault(annotation.where, f"No images_{level}_*.txt says the {level} of this picture."))
        groups = [_agreed(name, said[name]) for name in names]
        levels[level] = tuple(group for group, _ in groups)
        faults += [fault for _, bad in groups for fault in bad]
    return levels, faults


def _agreed(variant: str, lines: Sequence[Line]) -> tuple[str, list[Fault]]:
    """What most lines say of a variant, the first of several as frequent, and a fault for each that says something else."""
    counts = Counter(line.value for line in lines)
    if not counts:
        return "", []
    group, count = counts.most_common(1)[0]
    message = f"{count} other picture{'s' * (count > 1)} of {variant!r} say{'s' * (count == 1)} {group!r}, which counts."
    return group, [_level_fault(line.where, message) for line in lines if line.value != group]


def _level_fault(where: str, message: str) -> Fault:
    return Fault("annotation_malformed", where, message, "reported")
