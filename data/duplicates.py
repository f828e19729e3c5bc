"""The same photograph more than once: in two splits, under two labels, or just twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.dataset import SPLIT_NAMES, Dataset
from data.faults import Fault
from data.picture_facts import PictureFacts

# Of 256 bits. On Stanford Cars every pair up to 36 was the same photograph, the first that was not had 44.
MAX_DISTANCE = 32
_CELLS_AT_ONCE = 4_000_000
_NAMED_FILES = 4


@dataclass(frozen=True)
class Duplicates:
    """Files that show one photograph.

    Args:
        kind: "same" (equal bytes) or "nearly_same" (not all bytes are equal: resized, compressed again, retouched).
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


def find_duplicates(dataset: Dataset, facts: dict[Path, PictureFacts]) -> tuple[Duplicates, ...]:
    """Return every photograph that the data set has more than once, files of training before those of validation and test.

    Args:
        facts: of each of its pictures.
    """
    splits = [(name, dataset.splits[name]) for name in SPLIT_NAMES if name in dataset.splits]
    rows = [(path, name, dataset.class_names[label]) for name, split in splits
            for path, label in zip(split.paths, split.labels.tolist(), strict=True)]
    groups = group_alike([facts[path] for path, _, _ in rows])
    return tuple(
        Duplicates("same" if len({facts[rows[place][0]].digest for place in group}) == 1 else "nearly_same",
                   *zip(*(rows[place] for place in group), strict=True))
        for group in groups
    )


def group_alike(pictures: Sequence[PictureFacts]) -> list[list[int]]:
    """Return the groups of two or more pictures that are the same or nearly so, as rising positions."""
    _, same = np.unique([picture.digest for picture in pictures], return_inverse=True)
    hashed = np.array([place for place, picture in enumerate(pictures) if picture.perceptual_hash is not None], np.int64)
    texts = [pictures[place].perceptual_hash for place in hashed]
    unique, alike = np.unique(texts, return_inverse=True) if texts else (np.array([], str), np.array([], np.int64))
    # A graph of all pictures, all digests and all hashes, whose connected parts are the groups.
    count, num_digests = len(pictures), int(same.max(initial=-1)) + 1
    first_hash = count + num_digests
    near = near_pairs(_words(unique))
    starts = np.concatenate([np.arange(count), hashed, first_hash + near[:, 0]])
    ends = np.concatenate([count + same, first_hash + alike, first_hash + near[:, 1]])
    size = first_hash + len(unique)
    _, part = connected_components(coo_array((np.ones(len(starts), bool), (starts, ends)), shape=(size, size)), directed=False)
    return _groups(part[:count])


def _groups(part: np.ndarray) -> list[list[int]]:
    order = np.argsort(part, kind="stable")
    pieces = np.split(order, np.flatnonzero(np.diff(part[order])) + 1)
    return sorted(piece.tolist() for piece in pieces if len(piece) > 1)


def _words(hashes: np.ndarray) -> np.ndarray:
    return np.frombuffer(bytes.fromhex("".join(hashes)), np.uint64).reshape(-1, 4)


def near_pairs(words: np.ndarray, max_distance: int = MAX_DISTANCE) -> np.ndarray:
    """Return the pairs of hashes that differ in at most `max_distance` bits, int64 [pairs, 2].

    All pairs are looked at, in blocks of bounded memory; two of the four words rule nearly all of them out.

    Args:
        words: uint64 [N, 4].
    """
    found = [np.empty((0, 2), np.int64)]
    middle = np.ascontiguousarray(words[:, 1:3].T)
    block = max(1, _CELLS_AT_ONCE // max(1, len(words)))
    for start in range(0, len(words), block):
        left = middle[:, start : start + block, None]
        distance = np.bitwise_count(left[0] ^ middle[0, None, start:])
        distance += np.bitwise_count(left[1] ^ middle[1, None, start:])
        rows, columns = np.nonzero(distance <= max_distance)
        rows, columns = rows[columns > rows] + start, columns[columns > rows] + start
        whole = np.bitwise_count(words[rows] ^ words[columns]).sum(axis=1, dtype=np.int64)
        close = whole <= max_distance
        found.append(np.stack([rows[close], columns[close]], axis=1))
    return np.concatenate(found)


def duplicate_faults(duplicates: Sequence[Duplicates]) -> Iterator[Fault]:
    """Yield a fault for each photograph that lies in two splits, and for each that bears two labels."""
    for group in duplicates:
        same = "the same picture" if group.kind == "same" else "nearly the same picture"
        others = ", ".join(map(str, group.files[1:_NAMED_FILES])) + (", …" if len(group.files) > _NAMED_FILES else "")
        if group.cross_splits:
            splits = " and ".join(dict.fromkeys(group.splits))
            yield Fault(f"{group.kind}_in_two_splits", str(group.files[0]), f"Shows {same} as {others} ({splits}).", "reported")
        if group.contradict:
            classes = " and ".join(repr(name) for name in dict.fromkeys(group.classes))
            yield Fault(f"{group.kind}_under_two_labels", str(group.files[0]), f"Shows {same} as {others}, but they are "
                        f"labelled {classes}.", "reported")
