"""Decoded pictures kept in memory, so that each file is decoded once."""

import numpy as np


class PictureMemory:
    """One uint8 array [K, S, S, 3] that threads fill as pictures are first read.

    Rows take memory only when they are written. Two threads that read the same picture write the same bytes.

    Args:
        num_pictures: pictures of the split.
        image_size: side S of the square.
        max_bytes: the first K pictures that fit into this are kept.
    """

    def __init__(self, num_pictures: int, *, image_size: int, max_bytes: int):
        self.capacity = min(num_pictures, max_bytes // (3 * image_size**2))
        self._pictures = np.empty((self.capacity, image_size, image_size, 3), np.uint8)
        self._filled = np.zeros(self.capacity, bool)

    def get(self, index: int) -> np.ndarray | None:
        """Return the picture, uint8 [S, S, 3], not to be changed; None when it is not kept (yet)."""
        return self._pictures[index] if index < self.capacity and self._filled[index] else None

    def put(self, index: int, picture: np.ndarray) -> None:
        """Keep a picture, uint8 [S, S, 3], if there is room for it."""
        if index < self.capacity:
            self._pictures[index] = picture
            self._filled[index] = True

    def take(self, indices: np.ndarray) -> np.ndarray | None:
        """Return copies of the pictures at `indices` [B] as uint8 [B, S, S, 3]; None unless all are there."""
        if indices.max() < self.capacity and self._filled[indices].all():
            return self._pictures[indices]
        return None
