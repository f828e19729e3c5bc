"""What a training step receives."""

from typing import NamedTuple

import numpy as np


class Batch(NamedTuple):
    """One batch; unpacks as `pictures, labels, weights`.

    Args:
        pictures: [B, H, W, 3], RGB in [0, 255], uint8, or float32 where batches are mixed.
        labels: float32 [B, C], rows sum to 1.
        weights: float32 [B], weight of each example in the loss, beside the weights of classes.
    """

    pictures: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
