"""What a reader returns: class names in a fixed order and, per split, paths, labels and boxes; nothing is decoded."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError
from data.faults import Fault

SPLIT_NAMES = ("train", "validation", "test")
_EVEN = 3  # the most frequent class may have this many times the pictures of the rarest


@dataclass(frozen=True, eq=False)
class Split:
    """Pictures of one split.

    Args:
        paths: N picture files.
        labels: int32 [N], index of the class.
        boxes: float32 [N, 4], x_min, y_min, x_max, y_max in pixels of the upright picture (as `decode_picture` returns
            it); None when the source has no boxes.
        groups: N names of what belongs together (photographs of one object, or of one day) and must stay on one side of
            every split; "" belongs to no group. None when the source has none.
        banners: int32 [N], rows at the bottom of each file that are no part of the photograph, and that
            `data.split_picture.open_picture` cuts off. None when the source has none.
    """

    paths: tuple[Path, ...]
    labels: np.ndarray
    boxes: np.ndarray | None = None
    groups: tuple[str, ...] | None = None
    banners: np.ndarray | None = None

    def __post_init__(self):
        object.__setattr__(self, "paths", tuple(self.paths))
        object.__setattr__(self, "labels", np.asarray(self.labels, dtype=np.int32).reshape(-1))
        if self.boxes is not None:
            object.__setattr__(self, "boxes", np.asarray(self.boxes, dtype=np.float32).reshape(-1, 4))
        if self.groups is not None:
            object.__setattr__(self, "groups", tuple(self.groups))
        if self.banners is not None:
            object.__setattr__(self, "banners", np.asarray(self.banners, dtype=np.int32).reshape(-1))
        present = {"paths": self.paths, "labels": self.labels, "boxes": self.boxes, "groups": self.groups,
                   "banners": self.banners}
        lengths = {name: len(values) for name, values in present.items() if values is not None}
        if len(set(lengths.values())) > 1:
            received = ", ".join(f"{length} {name}" for name, length in lengths.items())
            raise DataError(f"A split needs as many labels, boxes, groups and banners as paths. Received: {received}.")

    def __len__(self) -> int:
        return len(self.paths)

    def take(self, indices: np.ndarray) -> "Split":
        """Return the pictures at `indices` (integers [M]), in that order."""
        indices = np.asarray(indices, dtype=np.int64)
        boxes = None if self.boxes is None else self.boxes[indices]
        groups = None if self.groups is None else tuple(self.groups[index] for index in indices)
        banners = None if self.banners is None else self.banners[indices]
        return Split(tuple(self.paths[index] for index in indices), self.labels[indices], boxes, groups, banners)

    def banner(self, index: int) -> int:
        """Return how many rows at the bottom of a file are no part of its photograph."""
        return 0 if self.banners is None else int(self.banners[index])


def concatenate_splits(splits: Sequence[Split]) -> Split:
    """Return the pictures of all splits, one after the other; with boxes where all have them."""
    groups = banners = boxes = None
    if any(split.groups is not None for split in splits):
        groups = tuple(group for split in splits for group in split.groups or [""] * len(split))
    if any(split.banners is not None for split in splits):
        banners = np.concatenate([[split.banner(index) for index in range(len(split))] for split in splits])
    if all(split.boxes is not None for split in splits):
        boxes = np.concatenate([split.boxes for split in splits])
    paths = tuple(path for split in splits for path in split.paths)
    return Split(paths, np.concatenate([split.labels for split in splits]), boxes, groups, banners)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set as found on disk.

    Args:
        name: name of the data set, or of its folder.
        class_names: in the order of the labels.
        splits: "train" and, when there are such, "validation" and "test".
        notes: what the user should know about the source and is no fault, one sentence each.
        faults: what is wrong with the source, and what was done about it.
        levels: groups above the classes that the source tells, finest level first: from the name of the level to the group
            of each class, in the order of the classes; "" where a class has none.
    """

    name: str
    class_names: tuple[str, ...]
    splits: dict[str, Split]
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self):
        unknown = set(self.splits) - set(SPLIT_NAMES)
        if unknown or "train" not in self.splits or not len(self.splits["train"]):
            raise DataError(
                f"The data set {self.name!r} must have training pictures. Expected splits: {', '.join(SPLIT_NAMES)}. "
                f"Received: { {name: len(split) for name, split in self.splits.items()} }."
            )
        if len(self.class_names) < 2:
            raise DataError(
                f"The data set {self.name!r} needs at least two classes with pictures. Received: {self.class_names}."
            )
        for level, groups in self.levels.items():
            if len(groups) != len(self.class_names):
                raise DataError(f"The level {level!r} of {self.name!r} needs a group for each of the {len(self.class_names)} "
                                f"classes. Received: {len(groups)}.")

    @property
    def has_boxes(self) -> bool:
        """Whether every split comes with boxes."""
        return all(split.boxes is not None for split in self.splits.values())

    def counts(self, split: str) -> np.ndarray:
        """Return the number of pictures per class in a split, int64 [classes]."""
        return np.bincount(self.splits[split].labels, minlength=len(self.class_names))


def is_uneven(counts: np.ndarray) -> bool:
    """Say whether classes differ so much in pictures (more than threefold) that training should take account of it."""
    present = counts[counts > 0]
    return len(present) > 1 and bool(present.max() > _EVEN * present.min())


def fingerprint(dataset: Dataset) -> str:
    """Return 64 hex digits that change when a class, a split, a file's place or size, a label, a box or a banner changes.

    Paths count relative to the folder that holds all pictures, so a data set keeps its fingerprint when it is moved; joined
    ones when they are moved together.

    Raises:
        DataError: a file is missing.
    """
    digest = hashlib.sha256(json.dumps(dataset.class_names).encode())
    for row in _rows(dataset):
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


def common_folder(dataset: Dataset) -> str:
    """Return the innermost folder that holds all pictures of all splits."""
    return os.path.commonpath({os.path.dirname(path) for split in dataset.splits.values() for path in split.paths})


def place_of(path: Path, root: str) -> str:
    """Return where a picture lies below `root`, with "/" between folders."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def _rows(dataset: Dataset) -> Iterator[list]:
    root = common_folder(dataset)
    for name in sorted(dataset.splits):
        split = dataset.splits[name]
        for index, path in enumerate(split.paths):
            try:
                size = os.stat(path).st_size
            except OSError as error:
                raise DataError(f"{path} cannot be read: {error.strerror}.") from error
            box = None if split.boxes is None else split.boxes[index].tolist()
            banner = [] if split.banners is None else [split.banner(index)]  # none: as before there were such
            yield [name, place_of(path, root), size, int(split.labels[index]), box, *banner]
