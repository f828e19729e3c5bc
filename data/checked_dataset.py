"""A data set as it is trained on: without files that cannot be used, with boxes that lie inside their pictures."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError
from data.consistency import classes_without_pictures
from data.dataset import Dataset, Split
from data.faults import Fault
from data.inspection import Inspection


def apply_inspection(dataset: Dataset, inspection: Inspection) -> Dataset:
    """Leave out what cannot be used, cut boxes to their pictures, and say so and which classes lack pictures then.

    Args:
        inspection: of every file of the data set.

    Raises:
        DataError: no training picture is left.
    """
    faults = [Fault("picture_unusable", str(path), f"{reason[:1].upper()}{reason[1:]}.", "left_out")
              for path, reason in inspection.bad.items()]
    splits = {}
    for name, split in dataset.splits.items():
        decoded = split.take(np.array([place for place, path in enumerate(split.paths) if path in inspection.facts], np.int64))
        usable, low = (decoded, []) if decoded.banners is None else _without_low_pictures(decoded, inspection)
        splits[name], outside = (usable, []) if usable.boxes is None else _cut_boxes(usable, inspection)
        faults += low + outside
    if not faults:
        return dataset
    if not len(splits["train"]):
        raise DataError(f"None of the training pictures of {dataset.name!r} can be used. The first: "
                        f"{faults[0].where}: {faults[0].message}")
    checked = replace(dataset, splits={name: split for name, split in splits.items() if len(split)})
    there_before = set(classes_without_pictures(dataset))
    faults += [fault for fault in classes_without_pictures(checked) if fault not in there_before]
    return replace(checked, notes=dataset.notes + tuple(_notes(dataset, splits)), faults=dataset.faults + tuple(faults))


def _without_low_pictures(split: Split, inspection: Inspection) -> tuple[Split, list[Fault]]:
    """Leave out pictures of which nothing is left without their banner."""
    left = picture_sizes(split, inspection)[:, 1]
    faults = [
        Fault("picture_unusable", str(split.paths[place]),
              f"It is {left[place] + split.banners[place]} pixels high, and the lowest {split.banners[place]} of them are a "
              "banner.", "left_out")
        for place in np.flatnonzero(left <= 0)
    ]
    return split.take(np.flatnonzero(left > 0)), faults


def picture_sizes(split: Split, inspection: Inspection) -> np.ndarray:
    """Return width and height in pixels of each picture of a split, without its banner, integers [N, 2].

    Args:
        inspection: of these pictures, all of which can be used.
    """
    facts = [inspection.facts[path] for path in split.paths]
    banners = [split.banner(place) for place in range(len(split))]
    sizes = [(picture.width, picture.height - banner) for picture, banner in zip(facts, banners, strict=True)]
    return np.array(sizes, np.int64).reshape(-1, 2)


def _cut_boxes(split: Split, inspection: Inspection) -> tuple[Split, list[Fault]]:
    """Return the split with boxes inside their pictures, without pictures whose box lies outside, and what was found."""
    sizes = picture_sizes(split, inspection)
    cut = np.clip(split.boxes, 0, np.tile(sizes, 2).astype(np.float32))
    has_area = (cut[:, 2:] > cut[:, :2]).all(axis=1)
    changed = (cut != split.boxes).any(axis=1)
    faults = []
    for place in np.flatnonzero(changed):
        box, (width, height) = _numbers(split.boxes[place]), sizes[place]
        what = f"The box {box} reaches beyond the picture of {width}×{height} pixels"
        if has_area[place]:
            message = f"{what} and is cut to {_numbers(cut[place])}."
            faults.append(Fault("box_outside_picture", str(split.paths[place]), message, "changed"))
        else:
            message = f"The box {box} lies outside the picture of {width}×{height} pixels."
            faults.append(Fault("box_outside_picture_entirely", str(split.paths[place]), message, "left_out"))
    return replace(split, boxes=cut).take(np.flatnonzero(has_area | ~changed)), faults


def _numbers(box: np.ndarray) -> str:
    return ", ".join(f"{value:g}" for value in box)


def _notes(dataset: Dataset, splits: dict[str, Split]) -> Iterator[str]:
    for name, split in splits.items():
        if not len(split):
            yield f"The {name} split lost all its pictures."


def left_out(dataset: Dataset) -> tuple[tuple[Path, str], ...]:
    """Return the pictures that decoding left out, with reasons."""
    kinds = ("picture_unusable", "box_outside_picture_entirely")
    return tuple((Path(fault.where), fault.message) for fault in dataset.faults if fault.kind in kinds)
