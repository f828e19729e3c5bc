"""Writes augmented copies of training pictures: in parallel, each one complete or not there."""

import errno
import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import simplejpeg

from car_classifier.base.errors import DataError, PictureError
from car_classifier.base.full_disk import full_disk_named
from car_classifier.base.seeds import derive_seed
from data.augmentation import PictureAugmentation
from data.copy_record import CopyRecord, Row, key_of
from data.copy_settings import CopySettings
from data.dataset import Dataset, common_folder, place_of
from data.picture import decode_content, read_picture_file
from data.split_picture import without_banner

_TOGETHER = 32  # originals that a thread takes at once: fewer changes between threads
_AHEAD = 8  # such parts under way, so that no thread waits for the journal


@dataclass(frozen=True)
class _Original:
    path: Path
    place: str
    box: list[float] | None
    class_name: str
    banner: int

    @property
    def identity(self) -> Row:
        return {"original": self.place, "box": self.box, "class": self.class_name}

    @property
    def key(self) -> str:
        return key_of(self.place, self.box, self.class_name)


class CopyWriter:
    """Makes the copies of each training picture; the same settings give the same bytes, whatever the number of threads.

    Args:
        folder: of the copies.
        settings: what the copies depend on.
        max_megapixels: larger pictures are left out.
    """

    def __init__(self, folder: Path, settings: CopySettings, *, max_megapixels: float):
        self._folder, self._settings, self._max_megapixels = folder, settings, max_megapixels
        self._augment = PictureAugmentation(settings.augmentation)

    def write(self, dataset: Dataset, record: CopyRecord, *, threads: int, told: Callable[[int, int], None]) -> list[Row]:
        """Write the copies that are missing or damaged, then the manifest; return a row per original.

        Nothing is fsynced one by one: what a crash of the machine damages is found by its digest and made again, and
        the manifest is written after everything else has reached the disk.

        Args:
            dataset: its training pictures are copied.
            record: of `folder`.
            threads: that work at once.
            told: called with (originals done, originals in all); may raise to stop.

        Raises:
            ResourceError: the disk is full.
        """
        cv2.setNumThreads(0)
        originals = {original.key: original for original in _originals(dataset)}
        with full_disk_named(f"copies could not be written into {self._folder}"):
            rows = self._write_all(originals, record, threads, told)
            if not record.is_finished or len(rows) != len(record.rows) or _made(rows, record.rows):
                os.sync()
                record.finish(dataset.name, rows)
        return list(rows.values())

    def _write_all(
        self, originals: dict[str, _Original], record: CopyRecord, threads: int, told: Callable[[int, int], None]
    ) -> dict[str, Row]:
        self._make_folders()
        rows, pool = {}, ThreadPoolExecutor(threads)
        waiting = list(originals.values())
        parts = (waiting[start : start + _TOGETHER] for start in range(0, len(waiting), _TOGETHER))
        try:
            for part in _in_order(pool, lambda part: {o.key: self._row(o, record.rows.get(o.key)) for o in part}, parts):
                record.add(_made(part, record.rows))
                rows |= part
                told(len(rows), len(originals))
        finally:
            pool.shutdown(cancel_futures=True)
            record.close()
        return rows

    def _make_folders(self) -> None:
        for digit in "0123456789abcdef":  # of the names; folders of a million files are slow to look at
            (self._folder / "pictures" / digit).mkdir(parents=True, exist_ok=True)

    def _row(self, original: _Original, known: Row | None) -> Row:
        if known is not None and self._is_intact(original, known):
            return known
        try:
            return self._make(original)
        except PictureError as error:
            reason = error.reason
        except DataError as error:
            reason = str(error)
        return {**original.identity, "reason": reason}

    def _is_intact(self, original: _Original, known: Row) -> bool:
        """Whether original and copies are what they were when the row was written."""
        if "reason" in known:
            return False
        files = [(original.path, known), *((self._folder / copy["file"], copy) for copy in known["copies"])]
        try:
            return all(_describe(path.read_bytes()) == {name: row[name] for name in ("bytes", "sha256")} for path, row in files)
        except OSError:
            return False

    def _make(self, original: _Original) -> Row:
        content_of_original = read_picture_file(original.path, max_megapixels=self._max_megapixels)
        picture = decode_content(content_of_original, original.path, max_megapixels=self._max_megapixels)
        picture = without_banner(picture, original.banner)
        picture = self._settings.prepare(picture, None if original.box is None else np.array(original.box))
        name = hashlib.sha256(original.key.encode()).hexdigest()[:16]
        copies = []
        for number in range(1, self._settings.num_copies + 1):
            changed = self._augment(picture, derive_seed(self._settings.seed, "copy", original.key, number))
            content = encode_copy(changed, self._settings.quality)
            file = f"pictures/{name[0]}/{name}_{number}.jpg"
            _write(self._folder / file, content)
            copies.append({"file": file, **_describe(content)})
        return {
            **original.identity, **_describe(content_of_original),
            "width": picture.shape[1], "height": picture.shape[0], "copies": copies,
        }


def encode_copy(picture: np.ndarray, quality: int) -> bytes:
    """Return a picture, uint8 [H, W, 3], as JPEG with colours as fine as brightness; equal pictures give equal bytes.

    Args:
        quality: 1..100.
    """
    return simplejpeg.encode_jpeg(picture, quality=quality, colorspace="RGB", colorsubsampling="444", fastdct=False)


def _originals(dataset: Dataset) -> Iterator[_Original]:
    train, root = dataset.splits["train"], common_folder(dataset)
    for index, path in enumerate(train.paths):
        box = None if train.boxes is None else train.boxes[index].tolist()
        yield _Original(path, place_of(path, root), box, dataset.class_names[train.labels[index]], train.banner(index))


def _made(rows: dict[str, Row], known: dict[str, Row]) -> list[Row]:
    """The rows that are new; those of copies found intact are the very ones that were known."""
    return [row for key, row in rows.items() if row is not known.get(key)]


def _describe(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _write(path: Path, content: bytes) -> None:
    temporary = f"{path}.tmp"  # the same name after a crash, so none is left over
    with open(temporary, "wb", buffering=0) as file:
        if file.write(content) != len(content):  # unbuffered, a full disk is no error until the next write
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.replace(temporary, path)


def _in_order(pool: ThreadPoolExecutor, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
    """The results in the order of the tasks; no more than a few tasks are begun before their turn."""
    under_way = deque()
    for task in tasks:
        under_way.append(pool.submit(function, task))
        if len(under_way) > _AHEAD:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
