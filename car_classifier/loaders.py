"""Anything that gives batches, as a loader that the training loop understands."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from car_classifier.base.errors import UserError
from data.batch import Batch
from data.order import epoch_order


class ArrayLoader:
    """Batches from arrays in memory.

    Args:
        pictures: [N, …].
        labels: one-hot, [N, C].
        seed: of the order.
        batch_size: pictures per batch.
        shuffle: a new order in every epoch.
    """

    def __init__(self, pictures: np.ndarray, labels: np.ndarray, *, seed: int, batch_size: int, shuffle: bool = True):
        self._pictures, self._labels = np.asarray(pictures), np.asarray(labels, np.float32)
        self._seed, self._shuffle, self._batch_size = seed, shuffle, batch_size
        self.num_pictures = len(self._labels)
        self.num_batches = -(-self.num_pictures // batch_size)

    def epoch(self, epoch: int, start_batch: int = 0) -> Iterator[Batch]:
        """Yield the batches `start_batch` … `num_batches` - 1 of an epoch."""
        classes = self._labels.argmax(axis=1)
        order = epoch_order(classes, seed=self._seed, epoch=epoch, shuffle=self._shuffle, balanced=False)
        for start in range(start_batch * self._batch_size, self.num_pictures, self._batch_size):
            chosen = order[start : start + self._batch_size]
            yield Batch(self._pictures[chosen], self._labels[chosen], np.ones(len(chosen), np.float32))


class PyDatasetLoader:
    """Batches from a `keras.utils.PyDataset`, in its own order.

    Args:
        dataset: item b is batch b as (pictures, labels) or (pictures, labels, weights).
    """

    def __init__(self, dataset: keras.utils.PyDataset):
        self._dataset = dataset
        self.num_batches = dataset.num_batches
        self.num_pictures = sum(len(dataset[number][1]) for number in range(self.num_batches))

    def epoch(self, epoch: int, start_batch: int = 0) -> Iterator[Batch]:
        """Yield the batches `start_batch` … `num_batches` - 1; the data set is told when an epoch is over."""
        for number in range(start_batch, self.num_batches):
            pictures, labels, *weights = self._dataset[number]
            ones = np.ones(len(labels), np.float32)
            yield Batch(pictures, np.asarray(labels, np.float32), weights[0] if weights else ones)
        self._dataset.on_epoch_end()


def as_loader(source: Any, *, seed: int, batch_size: int) -> Any:
    """Return `source` as a loader: something with `num_pictures`, `num_batches` and `epoch(epoch, start_batch)`.

    Args:
        source: a loader, a `keras.utils.PyDataset`, a tuple (pictures, one-hot labels), or None.
        seed: of the order of arrays.
        batch_size: of arrays; the others come in batches already.

    Raises:
        UserError: it is none of these.
    """
    if source is None or callable(getattr(source, "epoch", None)):
        return source
    if isinstance(source, keras.utils.PyDataset):
        return PyDatasetLoader(source)
    if isinstance(source, tuple) and len(source) == 2:
        return ArrayLoader(*source, seed=seed, batch_size=batch_size)
    raise UserError(
        "Expected batches from a PictureLoader, a keras.utils.PyDataset or arrays (pictures, one-hot labels). "
        f"Received: {type(source).__name__}."
    )
