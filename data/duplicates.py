"""The same photograph more than once: in two splits, under two labels, or just twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.dataset import SPLIT_NAMES, Dataset, place_of
from data.faults import Fault
from data.inspection import Inspection
from data.near_hashes import Pairs
from data.picture_facts import PictureFacts

_NAMED_FILES = 4


@dataclass(frozen=True)
class Duplicates:
    """Files that show one photograph.

    Args:
        kind: "same" (equal bytes) or "nearly_same" (not all bytes are equal: resized, compressed again, retouched,
            mirrored; not one that is cropped by more than a few hundredths).
        files, splits, classes: of each of the two or more files.
    """

    kind: Literal["same", "nearly_same"]
    files: tuple[Path, ...]
    splits: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def cross_splits(self) -> bool:
        """Whether they lie in more than one split."""
        return len(set(self.splits)) > 1

    @property
    def contradict(self) -> bool:
        """Whether they bear more than one label."""
        return len(set(self.classes)) > 1

    def describe(self) -> dict[str, Any]:
        """Return the content as JSON has it."""
        files = [str(path).encode("utf-8", "backslashreplace").decode() for path in self.files]
        return {"kind": self.kind, "files": files, "splits": list(self.splits), "classes": list(self.classes)}


def find_duplicates(dataset: Dataset, inspection: Inspection) -> tuple[Duplicates, ...]:
    """Return every photograph that the data set has more than once, files of training before those of validation and test.

    Args:
        inspection: of each of its pictures.
    """
    splits = [(name, dataset.splits[name]) for name in SPLIT_NAMES if name in dataset.splits]
    rows = [(path, name, dataset.class_names[label]) for name, split in splits
            for path, label in zip(split.paths, split.labels.tolist(), strict=True)]
    facts = [inspection.facts[path] for path, _, _ in rows]
    return tuple(
        Duplicates("same" if len({facts[place].digest for place in group}) == 1 else "nearly_same",
                   *zip(*(rows[place] for place in group), strict=True))
        for group in group_alike(facts, inspection.near)
    )


def group_alike(pictures: Sequence[PictureFacts], near: Pairs) -> list[list[int]]:
    """Return the groups of two or more pictures that are the same or nearly so, as rising positions.

    What is near to the same picture is one group: frames of a film, each near to the next, become one photograph.

    Args:
        near: pairs of perceptual hashes.
    """
    _, same = np.unique([picture.digest for picture in pictures], return_inverse=True)
    count, first_hash = len(pictures), len(pictures) + int(same.max(initial=-1)) + 1
    # A graph of all pictures, all digests and all hashes, whose connected parts are the groups.
    nodes: dict[str, int] = {}
    hashed = [(place, nodes.setdefault(picture.perceptual_hash, first_hash + len(nodes)))
              for place, picture in enumerate(pictures) if picture.perceptual_hash is not None]
    hashed += [(nodes[one], nodes[other]) for one, other in near if one in nodes and other in nodes]
    ends = np.concatenate([np.stack([np.arange(count), count + same]), np.array(hashed, np.int64).reshape(-1, 2).T], axis=1)
    size = first_hash + len(nodes)
    _, part = connected_components(coo_array((np.ones(ends.shape[1], bool), tuple(ends)), shape=(size, size)), directed=False)
    return _groups(part[:count])


def _groups(part: np.ndarray) -> list[list[int]]:
    order = np.argsort(part, kind="stable")
    pieces = np.split(order, np.flatnonzero(np.diff(part[order])) + 1)
    return sorted(piece.tolist() for piece in pieces if len(piece) > 1)


def duplicate_faults(duplicates: Sequence[Duplicates], root: str) -> Iterator[Fault]:
    """Yield a fault for each photograph that lies in two splits, and for each that bears two labels.

    Args:
        root: folder of all files; messages name the others by their places below it.
    """
    for group in duplicates:
        same = "the same picture" if group.kind == "same" else "nearly the same picture"
        if group.cross_splits:
            splits = " and ".join(dict.fromkeys(group.splits))
            yield Fault(f"{group.kind}_in_two_splits", str(group.files[0]),
                        f"Shows {same} as {_others(group, group.splits, root)} ({splits}).", "reported")
        if group.contradict:
            classes = " and ".join(repr(name) for name in dict.fromkeys(group.classes))
            yield Fault(f"{group.kind}_under_two_labels", str(group.files[0]),
                        f"Shows {same} as {_others(group, group.classes, root)}, but they are labelled {classes}.", "reported")


def _others(group: Duplicates, marks: tuple[str, ...], root: str) -> str:
    """Files besides the first: one of each other split or class, then the rest as far as there is room."""
    firsts = [marks.index(mark) for mark in dict.fromkeys(marks)]
    order = firsts + [place for place in range(len(marks)) if place not in firsts]
    named = [place_of(group.files[place], root) for place in order[1:_NAMED_FILES]]
    return ", ".join([*named, "…"] if len(order) > _NAMED_FILES else named)
