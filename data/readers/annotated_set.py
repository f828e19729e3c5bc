"""From the entries of annotation files to a data set: each entry that cannot be used becomes a fault."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from car_classifier.base.counts import describe_count
from car_classifier.base.errors import DataError
from data.dataset import SPLIT_NAMES, Dataset, Split
from data.faults import Fault
from data.readers.annotation import Annotation
from data.readers.bad_entry import BadEntry

Entry = TypeVar("Entry")


def parse_entries(
    entries: Iterable[tuple[str, Entry]], parse: Callable[[str, Entry], Annotation]
) -> tuple[list[Annotation], list[Fault]]:
    """Return the annotations of `entries`, pairs of where it stands and its content, and a fault for each that has none."""
    annotations, faults = [], []
    for where, entry in entries:
        try:
            annotations.append(parse(where, entry))
        except BadEntry as bad:
            faults.append(Fault(bad.kind, bad.where or where, f"{bad.message} The entry is left out.", "left_out"))
    return annotations, faults


def build_dataset(
    name: str, class_names: Sequence[str] | None, annotations: Sequence[Annotation], faults: Sequence[Fault], *,
    notes: Sequence[str] = (),
) -> Dataset:
    """Return the data set of all annotations that name a picture once, with `faults` and those found here.

    Args:
        class_names: in the order of the labels; None takes those of the pictures, in sorted order.

    Raises:
        DataError: no training picture is left, or fewer than two classes are there.
    """
    used, repeated = _without_repetitions(annotations)
    faults = [*faults, *repeated]
    if not any(annotation.split == "train" for annotation in used):
        number = describe_count(len(faults), "fault")
        first = f" The first of {number}: {faults[0].where}: {faults[0].message}" if faults else ""
        raise DataError(f"The annotations of {name!r} name no training picture that can be used.{first}")
    if class_names is None:
        class_names = sorted({annotation.class_name for annotation in used})
    index = {class_name: label for label, class_name in enumerate(class_names)}
    splits = {split: _to_split([one for one in used if one.split == split], index) for split in SPLIT_NAMES}
    return Dataset(
        name, tuple(class_names), {split: content for split, content in splits.items() if len(content)}, tuple(notes),
        tuple(faults),
    )


def _without_repetitions(annotations: Sequence[Annotation]) -> tuple[list[Annotation], list[Fault]]:
    first: dict[Path, Annotation] = {}
    contradicted: set[Path] = set()
    faults = []
    for annotation in annotations:
        known = first.setdefault(annotation.path, annotation)
        if known.class_name != annotation.class_name:
            contradicted.add(annotation.path)
            faults.append(Fault(
                "labels_contradict", annotation.where, f"{annotation.path} is {annotation.class_name!r} here, but "
                f"{known.class_name!r} in {known.where}. It is left out.", "left_out",
            ))
        elif known is not annotation:
            split = f", as {known.split}" if known.split != annotation.split else ""
            faults.append(Fault(
                "file_listed_twice", annotation.where, f"{annotation.path} stands in {known.where} already{split}. "
                "The first entry counts.", "left_out",
            ))
    return [annotation for path, annotation in first.items() if path not in contradicted], faults


def _to_split(annotations: Sequence[Annotation], index: dict[str, int]) -> Split:
    has_boxes = any(annotation.box is not None for annotation in annotations)
    has_groups = any(annotation.group is not None for annotation in annotations)
    return Split(
        tuple(annotation.path for annotation in annotations),
        np.array([index[annotation.class_name] for annotation in annotations], np.int32),
        np.array([annotation.box for annotation in annotations], np.float32).reshape(-1, 4) if has_boxes else None,
        tuple(annotation.group for annotation in annotations) if has_groups else None,
    )
