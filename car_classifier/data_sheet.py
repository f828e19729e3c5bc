"""Small pictures for the page about a data set: the contact sheet, and photographs that occur more than once."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from data.dataset import Dataset, Split
from data.duplicates import Duplicates
from data.split_picture import open_picture
from results.data_record import SheetCell
from results.data_report import MOST_DUPLICATES
from results.page import Picture
from results.picture_material import embed_jpeg

FEW_CLASSES, PER_CLASS = 24, 8  # up to so many classes, each gets a row of pictures
COLUMNS, MOST_CLASSES = 10, 300  # of one picture each
_CELL_SIDE, _THUMBNAIL_SIDE = 240, 220
_QUALITY = 82


def choose_cells(dataset: Dataset, max_megapixels: float) -> tuple[list[SheetCell], int]:
    """Return training pictures of each class, spread over the class evenly, and how many stand side by side."""
    train = dataset.splits["train"]
    if len(dataset.class_names) <= FEW_CLASSES:
        return list(_cells(dataset, train, PER_CLASS, max_megapixels)), PER_CLASS
    return list(_cells(dataset, train, 1, max_megapixels)), COLUMNS


def _cells(dataset: Dataset, split: Split, per_class: int, max_megapixels: float) -> Iterator[SheetCell]:
    for label, name in enumerate(dataset.class_names[:MOST_CLASSES]):
        members = np.flatnonzero(split.labels == label)
        places = np.linspace(0, len(members) - 1, min(per_class, len(members))).astype(int)
        for index in members[places]:
            picture = open_picture(split, int(index), max_megapixels=max_megapixels)
            small = _shrink(picture, _CELL_SIDE)
            box = None if split.boxes is None else split.boxes[index] * (small.shape[1] / picture.shape[1])
            yield SheetCell(small, box, name)


def make_thumbnails(duplicates: Sequence[Duplicates], dataset: Dataset, max_megapixels: float) -> dict[str, Picture]:
    """Return the first two pictures of each group, for the page, by file."""
    order = sorted(duplicates, key=lambda group: (not group.cross_splits, not group.contradict))
    paths = dict.fromkeys(path for group in order[:MOST_DUPLICATES] for path in group.files[:2])
    places = {path: (split, index) for split in dataset.splits.values() for index, path in enumerate(split.paths)}
    return {str(path): _thumbnail(open_picture(*places[path], max_megapixels=max_megapixels)) for path in paths}


def _thumbnail(picture: np.ndarray) -> Picture:
    small = _shrink(picture, _THUMBNAIL_SIDE)
    _, content = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return embed_jpeg(content.tobytes(), small.shape[1], small.shape[0])


def _shrink(picture: np.ndarray, side: int) -> np.ndarray:
    scale = side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    width, height = (max(1, round(scale * length)) for length in picture.shape[1::-1])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
