"""What an inspection of a data set found, as plain values."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class FaultRow:
    """A fault as the page lists it: kind, what the kind means, place, message, and what was done."""

    kind: str
    meaning: str
    where: str
    message: str
    effect: str


@dataclass(frozen=True)
class DuplicateRow:
    """Files that show one photograph ("same" bytes, or "nearly_same"), with the split and class of each."""

    kind: str
    files: tuple[str, ...]
    splits: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class DataRecord:
    """A data set, every file of which has been decoded.

    Args:
        name: of the data set.
        source: name or place of the data set, as the user gave it.
        root: the folder that holds all its pictures.
        command: that inspects it again.
        class_names: C names.
        counts: per split the usable pictures per class, integers [C].
        sizes: integers [N, 2], width and height in pixels of each usable picture, without a banner below it.
        boxes: float [M, 4], x_min, y_min, x_max, y_max as fractions of their pictures; M may be 0.
        num_files: pictures looked at, usable or not.
        faults, duplicates: what was found.
        notes: what else is worth knowing, one sentence each.
        seconds: that decoding and comparing took.
    """

    name: str
    source: str
    root: str
    command: str
    class_names: tuple[str, ...]
    counts: dict[str, np.ndarray]
    sizes: np.ndarray
    boxes: np.ndarray
    num_files: int
    faults: tuple[FaultRow, ...]
    duplicates: tuple[DuplicateRow, ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def totals(self) -> dict[str, int]:
        """Usable pictures per split."""
        return {split: int(counts.sum()) for split, counts in self.counts.items()}

    @property
    def faults_by_kind(self) -> dict[str, list[FaultRow]]:
        """The faults, most frequent kind first."""
        order = [kind for kind, _ in Counter(fault.kind for fault in self.faults).most_common()]
        return {kind: [fault for fault in self.faults if fault.kind == kind] for kind in order}

    @property
    def shared_by_splits(self) -> list[DuplicateRow]:
        """Photographs that lie in more than one split."""
        return [row for row in self.duplicates if len(set(row.splits)) > 1]

    def short(self, text: str) -> str:
        """Return a file's place, or a message that begins with one, without `root`."""
        # Anywhere else the same letters may be part of another name: root may be as short as "s".
        return text.removeprefix(f"{self.root}{os.sep}") if self.root else text

    def size_in_words(self) -> str:
        """Return the range and the median of the sizes."""
        if not len(self.sizes):
            return "–"
        low, middle, high = (np.percentile(self.sizes, share, axis=0, method="nearest").astype(int) for share in (0, 50, 100))
        if (low == high).all():
            return f"all {low[0]}×{low[1]}"
        width, height = (f"{least} to {most}" if least < most else f"{most}" for least, most in zip(low, high, strict=True))
        return f"{width} wide, {height} high; median {middle[0]}×{middle[1]}"


@dataclass(frozen=True)
class SheetCell:
    """A picture of the contact sheet.

    Args:
        picture: uint8 [H, W, 3].
        box: x_min, y_min, x_max, y_max in its pixels, or None.
        class_name: of the picture.
    """

    picture: np.ndarray
    box: np.ndarray | None
    class_name: str


@dataclass(frozen=True)
class DataFiles:
    """Where the page and the sheet lie."""

    page: Path
    sheet: Path | None
