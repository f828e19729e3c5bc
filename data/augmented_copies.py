"""Augmented copies beside their originals: further pictures for a training."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.errors import DataError
from car_classifier.base.files import sha256_of_file
from data.copy_record import MANIFEST, Row, key_of, read_manifest
from data.copy_settings import CopySettings
from data.dataset import Dataset, Split, common_folder, concatenate_splits, place_of
from data.machine import num_processors


class AugmentedCopies:
    """The finished copies in a folder, matched with the pictures of a data set.

    Args:
        folder: that `data augment` has filled.
        dataset: as its reader returns it, before validation is split off.

    Raises:
        DataError: the copies are not finished, were made from other pictures, show a class that the data set does not
            have, or are no longer there as they were written.
    """

    def __init__(self, folder: Path, dataset: Dataset):
        manifest = read_manifest(folder)
        self.folder, self.sha256 = folder, sha256_of_file(folder / MANIFEST)
        self.settings = CopySettings.model_validate(manifest["settings"])
        self._root, self._class_names = common_folder(dataset), dataset.class_names
        rows: list[Row] = manifest["originals"]
        self._rows = {key_of(row["original"], row["box"], row["class"]): row for row in rows}
        self._refuse_unknown_classes(rows)
        originals = [(Path(self._root, row["original"]), row) for row in rows]
        self._refuse_changed(originals)
        self._refuse_changed((folder / copy["file"], copy) for row in rows for copy in row["copies"])
        self._refuse_other_content(originals)

    def extend(self, split: Split) -> Split:
        """Return the pictures of `split` and after them all their copies, with the labels and groups of the originals.

        Raises:
            DataError: a picture of the split has no copies.
        """
        rows = [self._row_of(split, index) for index in range(len(split))]
        pairs = [(index, copy["file"]) for index, row in enumerate(rows) for copy in row["copies"]]
        places = [index for index, _ in pairs]
        copies = split.take(np.array(places, np.int64))
        boxes = None
        if split.boxes is not None:  # a copy is cut already, of its banner too
            whole = [(0, 0, rows[index]["width"], rows[index]["height"]) for index in places]
            boxes = np.array(whole, np.float32).reshape(-1, 4)
        paths = tuple(self.folder / file for _, file in pairs)
        return concatenate_splits([split, replace(copies, paths=paths, boxes=boxes, banners=None)])

    def describe(self, split: Split) -> dict[str, Any]:
        """Return what data.json says of the copies of `split`."""
        copies = len(self.extend(split)) - len(split)
        return {"folder": str(self.folder), "sha256": self.sha256, "copies_of_train": copies,
                "settings": self.settings.to_json()}

    def _row_of(self, split: Split, index: int) -> Row:
        box = None if split.boxes is None else split.boxes[index].tolist()
        name = self._class_names[split.labels[index]]
        row = self._rows.get(key_of(place_of(split.paths[index], self._root), box, name))
        if row is None:
            raise self._error(f"they hold no copy of {split.paths[index]} (class {name})")
        return row

    def _refuse_unknown_classes(self, rows: list[Row]) -> None:
        unknown = {row["class"] for row in rows} - set(self._class_names)
        if unknown:
            raise self._error(f"they show {len(unknown)} classes that the data do not have, such as {min(unknown)!r}")

    def _refuse_changed(self, files: Iterable[tuple[Path, dict[str, Any]]]) -> None:
        for path, noted in files:
            try:
                received = os.stat(path).st_size
            except OSError as error:
                raise self._error(f"{path} cannot be read ({error.strerror})") from error
            if received != noted["bytes"]:
                raise self._error(f"{path} has changed: {received} bytes instead of {noted['bytes']}")

    def _refuse_other_content(self, originals: list[tuple[Path, Row]]) -> None:
        """Refuse originals that were edited and kept their size; training reads them all anyway."""
        with ThreadPoolExecutor(num_processors()) as pool:
            digests = pool.map(lambda original: sha256_of_file(original[0]), originals)
            for (path, row), digest in zip(originals, digests, strict=True):
                if digest != row["sha256"]:
                    raise self._error(f"{path} has changed: as many bytes, but not the same")

    def _error(self, reason: str) -> DataError:
        return DataError(
            f"The copies in {self.folder} do not belong to these pictures: {reason}.\n"
            "Type the command `data augment` that made them again, or train without data.augmented_copies."
        )
