"""Several data sets as one, with all their classes: "a+b"."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from car_classifier.base.errors import UserError
from data.dataset import SPLIT_NAMES, Dataset, Split, concatenate_splits

JOINT = "+"
SOURCE = "source"  # the coarsest level of joined data


def split_source(source: str) -> list[str]:
    """Return the sources that "a+b" names; a file or folder that is called so is one.

    Raises:
        UserError: one of them is empty, or there twice.
    """
    if JOINT not in source or Path(source).expanduser().exists():
        return [source]
    parts = [part.strip() for part in source.split(JOINT)]
    if not all(parts) or len(set(parts)) < len(parts):
        raise UserError(
            f"--data {source}: expected different sources joined by {JOINT!r}, such as cub200+fgvc_aircraft. "
            f"Received: {', '.join(map(repr, parts))}. A folder with {JOINT!r} in its name cannot be joined: rename it."
        )
    return parts


def join_datasets(parts: Sequence[Dataset]) -> Dataset:
    """Return one data set with the pictures and classes of all.

    Classes stand in the order of the parts. A class keeps its name; one that several parts have is prefixed with the name of
    its part ("photos: heron"), and so is a group of pictures. Boxes are used where every part has them. Unless every
    part has a validation split of its own, those that are there train, and a new one can be split off. The levels of all
    parts become levels, and the part itself, as "source", the coarsest. Parts of one name are numbered.
    """
    names = _different_names(parts)
    shared = {name for name, count in Counter(name for part in parts for name in part.class_names).items() if count > 1}
    class_names = [
        tuple(f"{own}: {name}" if name in shared else name for name in part.class_names)
        for own, part in zip(names, parts, strict=True)
    ]
    has_boxes = all(part.has_boxes for part in parts)
    starts = np.cumsum([0, *(len(part.class_names) for part in parts)])
    moved = [_moved(part, own, int(start), has_boxes) for own, part, start in zip(names, _alike(parts), starts)]
    splits = {
        split: concatenate_splits([part[split] for part in moved if split in part])
        for split in SPLIT_NAMES if any(split in part for part in moved)
    }
    return Dataset(
        JOINT.join(names), tuple(name for of_part in class_names for name in of_part), splits,
        tuple(_notes(names, parts)), tuple(fault for part in parts for fault in part.faults), _levels(names, parts),
    )


def _different_names(parts: Sequence[Dataset]) -> list[str]:
    counts = Counter(part.name for part in parts)
    seen: Counter[str] = Counter()
    names = []
    for part in parts:
        seen[part.name] += 1
        names.append(part.name if counts[part.name] == 1 else f"{part.name} {seen[part.name]}")
    return names


def _validate_alike(parts: Sequence[Dataset]) -> bool:
    return len({"validation" in part.splits for part in parts}) == 1


def _alike(parts: Sequence[Dataset]) -> list[Dataset]:
    """The parts with validation splits in all or none."""
    if _validate_alike(parts):
        return list(parts)
    return [replace(part, splits=_without_validation(part.splits)) for part in parts]


def _without_validation(splits: dict[str, Split]) -> dict[str, Split]:
    train = concatenate_splits([splits[name] for name in ("train", "validation") if name in splits])
    return {"train": train} | {name: split for name, split in splits.items() if name == "test"}


def _moved(part: Dataset, name: str, start: int, has_boxes: bool) -> dict[str, Split]:
    """The splits of a part with labels from `start` on, and with paths that mean the same beside those of others."""
    return {
        split_name: replace(
            split, paths=tuple(Path(os.path.abspath(path)) for path in split.paths), labels=split.labels + start,
            boxes=split.boxes if has_boxes else None,
            groups=split.groups and tuple(group and f"{name}: {group}" for group in split.groups),
        )
        for split_name, split in part.splits.items()
    }


def _levels(names: Sequence[str], parts: Sequence[Dataset]) -> dict[str, tuple[str, ...]]:
    """All levels by name, "" for the classes of parts without one, and the names of the parts."""
    nothing = {id(part): ("",) * len(part.class_names) for part in parts}
    levels = {
        level: tuple(group for part in parts for group in part.levels.get(level, nothing[id(part)]))
        for level in dict.fromkeys(level for part in parts for level in part.levels)
    }
    return {**levels, SOURCE: tuple(name for name, part in zip(names, parts) for _ in part.class_names)}


def _notes(names: Sequence[str], parts: Sequence[Dataset]) -> Iterator[str]:
    for name, part in zip(names, parts):
        yield from (f"{name}: {note}" for note in part.notes)
    without = [name for name, part in zip(names, parts) if not part.has_boxes]
    if 0 < len(without) < len(parts):
        yield f"Boxes are not used, because {' and '.join(without)} has none: joined pictures are taken alike."
    untested = [name for name, part in zip(names, parts) if "test" not in part.splits]
    if 0 < len(untested) < len(parts):
        yield f"{' and '.join(untested)} has no test split: figures on test say nothing about its classes."
    if not _validate_alike(parts):
        own = [name for name, part in zip(names, parts) if "validation" in part.splits]
        yield f"The validation pictures of {' and '.join(own)} train; validation is split off all training pictures alike."
