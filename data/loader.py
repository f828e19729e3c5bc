"""From the files of a split to batches, prepared ahead by threads."""

import os
from collections.abc import Iterator

import cv2
import grain
import numpy as np

from car_classifier.base.errors import DataError
from car_classifier.base.seeds import derive_seed
from data.augmentation import PictureAugmentation
from data.batch import Batch
from data.dataset import Split
from data.geometry import PictureGeometry
from data.loader_options import LoaderOptions
from data.memory import free_memory_bytes
from data.mixing import mix_batch
from data.order import epoch_order
from data.picture import decode_picture
from data.picture_memory import PictureMemory

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
        self.num_batches = -(-len(split) // options.batch_size)
        self._split = split
        self._num_classes = num_classes
        self._geometry = geometry
        self._options = options
        config = options.augmentation
        self._augment = PictureAugmentation(config) if config is not None and config.augment is not False else None
        self._mixing = config if config is not None and config.mixes else None
        weights = np.ones(num_classes) if options.class_weights is None else options.class_weights
        self._class_weights = np.asarray(weights, np.float32)
        self._memory = PictureMemory(
            len(split), image_size=geometry.image_size, max_bytes=_cache_bytes(options.memory_cache_gb)
        )

    def epoch(self, epoch: int, start_batch: int = 0) -> Iterator[Batch]:
        """Yield the batches `start_batch` … `num_batches` - 1 of an epoch; closing the iterator ends its threads.

        Raises:
            PictureError: a file cannot be decoded.
        """
        options = self._options
        order = epoch_order(
            self._split.labels, seed=options.seed, epoch=epoch, shuffle=options.shuffle, balanced=options.balanced
        )
        batches = grain.MapDataset.range(start_batch, self.num_batches)
        batches = batches.map(lambda batch: self._make_batch(epoch, int(batch), order))
        threads = self._threads()
        iterator = iter(batches.to_iter_dataset(grain.ReadOptions(num_threads=threads, prefetch_buffer_size=threads + 1)))
        try:
            yield from iterator
        finally:
            iterator.close()

    def _threads(self) -> int:
        """As many as asked for, or processors, but no more than batches fit into a share of the free memory."""
        wanted = self._options.threads or len(os.sched_getaffinity(0))
        bytes_per_value = 4 if self._mixing else 1
        batch_bytes = self._options.batch_size * 3 * self._geometry.image_size**2 * bytes_per_value
        return max(1, min(wanted, self.num_batches, int(_PREFETCH_SHARE * free_memory_bytes() / batch_bytes)))

    def _make_batch(self, epoch: int, number: int, order: np.ndarray) -> Batch:
        start = number * self._options.batch_size
        indices = order[start : start + self._options.batch_size]
        pictures = self._memory.take(indices) if self._augment is None else None
        if pictures is None:
            pictures = self._make_pictures(epoch, start, indices)
        labels = np.zeros((len(indices), self._num_classes), np.float32)
        classes = self._split.labels[indices]
        labels[np.arange(len(indices)), classes] = 1
        batch = Batch(pictures, labels, self._class_weights[classes])
        if self._mixing is None:
            return batch
        return mix_batch(batch, self._mixing, seed=derive_seed(self._options.seed, "mix", epoch, number))

    def _make_pictures(self, epoch: int, start: int, indices: np.ndarray) -> np.ndarray:
        size = self._geometry.image_size
        pictures = np.empty((len(indices), size, size, 3), np.uint8)
        for place, index in enumerate(indices.tolist()):
            picture = self._picture(index)
            if self._augment is not None:
                picture = self._augment(picture, derive_seed(self._options.seed, "augment", epoch, start + place))
            pictures[place] = picture
        return pictures

    def _picture(self, index: int) -> np.ndarray:
        picture = self._memory.get(index)
        if picture is None:
            path = self._split.paths[index]
            box = None if self._split.boxes is None else self._split.boxes[index]
            picture = self._geometry.apply(decode_picture(path, max_megapixels=self._options.max_megapixels), box)
            self._memory.put(index, picture)
        return picture


def _cache_bytes(gigabytes: float | None) -> int:
    return int(_CACHE_SHARE * free_memory_bytes()) if gigabytes is None else int(gigabytes * 1e9)
