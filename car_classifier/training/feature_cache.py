"""Features of a frozen backbone, computed once per picture and kept on disk."""

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from car_classifier.base.files import atomic_path, sha256_of_file, write_json
from data.batch import Batch
from data.order import epoch_order

FORMAT = 1
MAX_GB = 20.0
STALE_SECONDS = 24 * 3600


class FeatureCache:
    """Feature maps on disk, keyed by everything that they depend on.

    Each entry is `<key>.npy` (float32 [N, h, w, C]) and `<key>.json` with its SHA-256. An entry that is damaged is made
    anew; the entries used longest ago go when the folder grows beyond `max_gb`.

    Args:
        folder: made when missing.
        max_gb: size limit of the folder in gigabytes; the entry just made stays whatever its size.
    """

    def __init__(self, folder: Path, *, max_gb: float = MAX_GB):
        self._folder, self._max_gb = folder, max_gb

    def features(self, backbone: keras.Model, loader: Any, *, told: Callable[[int, int], None]) -> np.ndarray:
        """Return the features of all pictures of `loader` in its own order, float32 [N, h, w, C], read-only.

        Args:
            backbone: from pictures to features; its weights are part of the key.
            loader: delivers each picture once, unshuffled; its `identity` is part of the key.
            told: called with (pictures done, pictures in all) while features are made.
        """
        path = self._folder / f"{self._key(backbone, loader)}.npy"
        if not _is_intact(path):
            self._make(path, backbone, loader, told)
        path.touch()
        return np.load(path, mmap_mode="r", allow_pickle=False)

    def _make(self, path: Path, backbone: keras.Model, loader: Any, told: Callable[[int, int], None]) -> None:
        shape = (loader.num_pictures, *backbone.output_shape[1:])
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.float32)), "fortran_order": False, "shape": shape}
        # Written, not mapped: on a full disk a mapped file kills the process instead of raising.
        with atomic_path(path) as temporary, open(temporary, "wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            done = 0
            for batch in loader.epoch(0):
                made = np.ascontiguousarray(backbone.predict_on_batch(batch.pictures), np.float32)
                file.write(made.tobytes())
                done += len(made)
                told(done, shape[0])
            file.flush()
        write_json(path.with_suffix(".json"), {"format": FORMAT, "sha256": sha256_of_file(path), "shape": list(shape)})
        self._drop_oldest(path)

    def _key(self, backbone: keras.Model, loader: Any) -> str:
        digest = hashlib.sha256(json.dumps([FORMAT, backbone.name, backbone.output_shape, loader.identity]).encode())
        digest.update(keras.config.dtype_policy().name.encode())
        for weight in backbone.weights:
            digest.update(np.ascontiguousarray(keras.ops.convert_to_numpy(weight)).tobytes())
        return digest.hexdigest()[:40]

    def _drop_oldest(self, newest: Path) -> None:
        for path in self._folder.glob(".*.tmp.npy"):  # left by processes that were killed
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()
        entries = sorted(self._folder.glob("*.npy"), key=lambda path: path.stat().st_mtime, reverse=True)
        size = newest.stat().st_size
        for path in (path for path in entries if path != newest):
            size += path.stat().st_size
            if size > self._max_gb * 1e9:
                path.unlink()
                path.with_suffix(".json").unlink(missing_ok=True)


def _is_intact(path: Path) -> bool:
    try:
        stored = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        return stored["format"] == FORMAT and sha256_of_file(path) == stored["sha256"]
    except (OSError, ValueError, KeyError):
        return False


class FeatureLoader:
    """Delivers batches of cached features in the order in which a `PictureLoader` delivers the pictures.

    Args:
        views: arrays [N, h, w, C]; epoch e takes number e modulo their count (several where pictures were augmented).
        like: the loader whose labels, class weights and order these are.
        batch_size: features per batch; None: that of `like`.
    """

    def __init__(self, views: list[np.ndarray], *, like: Any, batch_size: int | None = None):
        self._views, self._options, self._labels = views, like.options, like.labels
        self._num_classes, self.class_weights = like.num_classes, like.class_weights
        self._batch_size = batch_size or like.options.batch_size
        self.num_pictures = like.num_pictures
        self.num_batches = math.ceil(self.num_pictures / self._batch_size)

    def epoch(self, epoch: int, start_batch: int = 0) -> Iterator[Batch]:
        """Yield the batches `start_batch` … `num_batches` - 1 of an epoch."""
        options, features = self._options, self._views[epoch % len(self._views)]
        order = epoch_order(
            self._labels, seed=options.seed, epoch=epoch, shuffle=options.shuffle, balanced=options.balanced
        )
        one_hot = np.eye(self._num_classes, dtype=np.float32)
        for start in range(start_batch * self._batch_size, len(order), self._batch_size):
            indices = order[start : start + self._batch_size]
            ones = np.ones(len(indices), np.float32)
            yield Batch(np.asarray(features[indices]), one_hot[self._labels[indices]], ones)
