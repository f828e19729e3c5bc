"""From the files of a split to batches, prepared ahead by threads."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import cv2
import numpy as np
from absl import logging as absl_logging

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.seeds import derive_seed
from data.augmentation import PictureAugmentation
from data.batch import Batch
from data.dataset import Split
from data.geometry import PictureGeometry
from data.loader_options import LoaderOptions
from data.machine import free_memory_bytes, num_processors
from data.mixing import mix_batch
from data.order import epoch_order
from data.picture_memory import PictureMemory
from data.split_picture import open_picture

_CACHE_SHARE = 0.3  # of the free memory, for each loader; training and validation both keep their pictures
_PREFETCH_SHARE = 0.1


class PictureLoader:
    """Delivers the batches of an epoch.

    The n-th example of epoch e is a function of (seed, e, n): the number of threads, the memory at hand and
    interruptions change nothing. The unit of work of a thread is a batch, which keeps the overhead of Python small.

    Args:
        split: pictures and labels.
        num_classes: C, columns of the labels.
        geometry: what becomes of each picture.
        options: batch size, seed, order, augmentation, threads, memory.

    Raises:
        DataError: the split is empty.
    """

    def __init__(self, split: Split, *, num_classes: int, geometry: PictureGeometry, options: LoaderOptions):
        if not len(split):
            raise DataError("The split holds no pictures to load. Expected: at least one.")
        cv2.setNumThreads(0)  # the threads of the loader share the processors already
        self.num_pictures = len(split)
        self.labels = split.labels
        self.num_batches = -(-len(split) // options.batch_size)
        self._split = split
        self.num_classes = num_classes
        self._geometry = geometry
        self.options = options
        config = options.augmentation
        self._augment = PictureAugmentation(config) if config is not None and config.augment is not False else None
        self._mixing = config if config is not None and config.mixes else None
        self.class_weights = options.class_weights  # for the loss: of a mixed label, each class has its own
        if self.class_weights is not None and len(self.class_weights) != num_classes:
            raise UserError(
                f"`class_weights` must hold a number for each of the {num_classes} classes. "
                f"Received: {len(self.class_weights)}."
            )
        self._memory = PictureMemory(
            len(split), image_size=geometry.image_size, max_bytes=_cache_bytes(options.memory_cache_gb)
        )

    @property
    def is_augmented(self) -> bool:
        """Whether pictures differ from epoch to epoch."""
        return self._augment is not None or self._mixing is not None

    @property
    def identity(self) -> str:
        """A text that changes when the pictures change that an unshuffled epoch delivers."""
        split, config = self._split, self.options.augmentation
        files = [[os.path.abspath(path), os.stat(path).st_size, os.stat(path).st_mtime_ns] for path in split.paths]
        boxes = None if split.boxes is None else split.boxes.tolist()
        chance = [config.model_dump(mode="json"), self.options.seed] if self.is_augmented else None
        banners = [] if split.banners is None else [split.banners.tolist()]
        content = json.dumps([files, boxes, self._geometry.model_dump(mode="json"), chance, *banners])
        return hashlib.sha256(content.encode()).hexdigest()

    def unaugmented(self) -> "PictureLoader":
        """Return a loader of the same pictures in the order of the split, untransformed and unweighted."""
        return self._like(augmentation=None)

    def views(self, count: int) -> list["PictureLoader"]:
        """Return `count` loaders in the order of the split, each with its own fixed draw of the transforms, unmixed."""
        config = self.options.augmentation
        unmixed = None if config is None else config.model_copy(update={"cutmix_alpha": 0.0, "mixup_alpha": 0.0})
        seeds = [derive_seed(self.options.seed, "view", view) for view in range(count)]
        return [self._like(augmentation=unmixed, seed=seed) for seed in seeds]

    def _like(self, **changes: Any) -> "PictureLoader":
        options = replace(self.options, shuffle=False, balanced=False, class_weights=None, **changes)
        return PictureLoader(self._split, num_classes=self.num_classes, geometry=self._geometry, options=options)

    def epoch(self, epoch: int, start_batch: int = 0) -> Iterator[Batch]:
        """Yield the batches `start_batch` … `num_batches` - 1 of an epoch; closing the iterator ends its threads.

        Raises:
            PictureError: a file cannot be decoded.
        """
        grain = _import_grain()
        options = self.options
        order = epoch_order(
            self._split.labels, seed=options.seed, epoch=epoch, shuffle=options.shuffle, balanced=options.balanced
        )
        batches = grain.MapDataset.range(start_batch, self.num_batches)
        batches = batches.map(lambda batch: self._make_batch(epoch, int(batch), order))
        threads = self._threads()
        reading = grain.ReadOptions(num_threads=threads, prefetch_buffer_size=threads + 1)
        iterator = iter(batches.to_iter_dataset(reading))
        try:
            yield from iterator
        finally:
            iterator.close()

    def _threads(self) -> int:
        """As many as asked for, or processors, but no more than batches fit into a share of the free memory."""
        wanted = self.options.threads or num_processors()
        bytes_per_value = 4 if self._mixing else 1
        batch_bytes = self.options.batch_size * 3 * self._geometry.image_size**2 * bytes_per_value
        return max(1, min(wanted, self.num_batches, int(_PREFETCH_SHARE * free_memory_bytes() / batch_bytes)))

    def _make_batch(self, epoch: int, number: int, order: np.ndarray) -> Batch:
        start = number * self.options.batch_size
        indices = order[start : start + self.options.batch_size]
        pictures = self._memory.take(indices) if self._augment is None else None
        if pictures is None:
            pictures = self._make_pictures(epoch, start, indices)
        labels = np.zeros((len(indices), self.num_classes), np.float32)
        labels[np.arange(len(indices)), self._split.labels[indices]] = 1
        batch = Batch(pictures, labels, np.ones(len(indices), np.float32))
        if self._mixing is None:
            return batch
        return mix_batch(batch, self._mixing, seed=derive_seed(self.options.seed, "mix", epoch, number))

    def _make_pictures(self, epoch: int, start: int, indices: np.ndarray) -> np.ndarray:
        size = self._geometry.image_size
        pictures = np.empty((len(indices), size, size, 3), np.uint8)
        for place, index in enumerate(indices.tolist()):
            picture = self._picture(index)
            if self._augment is not None:
                picture = self._augment(picture, derive_seed(self.options.seed, "augment", epoch, start + place))
            pictures[place] = picture
        return pictures

    def _picture(self, index: int) -> np.ndarray:
        picture = self._memory.get(index)
        if picture is None:
            box = None if self._split.boxes is None else self._split.boxes[index]
            opened = open_picture(self._split, index, max_megapixels=self.options.max_megapixels)
            picture = self._geometry.apply(opened, box)
            self._memory.put(index, picture)
        return picture


def _import_grain() -> ModuleType:
    """Import grain without its warning that jax, which we do not need, is not installed."""
    verbosity = absl_logging.get_verbosity()
    absl_logging.set_verbosity(absl_logging.ERROR)
    try:
        import grain
    finally:
        absl_logging.set_verbosity(verbosity)
    return grain


def _cache_bytes(gigabytes: float | None) -> int:
    return int(_CACHE_SHARE * free_memory_bytes()) if gigabytes is None else int(gigabytes * 1e9)
