"""How a split is turned into batches."""

from dataclasses import dataclass

import numpy as np

from car_classifier.base.errors import UserError
from data.augmentation_config import AugmentationConfig


@dataclass(frozen=True, eq=False, kw_only=True)
class LoaderOptions:
    """Settings of a `PictureLoader`.

    Args:
        batch_size: pictures per batch; the last batch of an epoch may be smaller.
        seed: from which order, augmentation and mixing follow.
        shuffle: a new order in every epoch (training); else the order of the split (evaluation).
        augmentation: transforms and mixing; None applies neither.
        balanced: draw every class equally often; an epoch keeps its number of pictures. Needs `shuffle`.
        class_weights: float [C], weight of each class, which the loss reads off the loader; None weighs all 1.
        max_megapixels: larger pictures are refused.
        threads: threads that prepare batches; None takes one per processor.
        memory_cache_gb: memory for decoded pictures in gigabytes; None takes a share of what is free.
    """

    batch_size: int
    seed: int
    shuffle: bool
    augmentation: AugmentationConfig | None = None
    balanced: bool = False
    class_weights: np.ndarray | None = None
    max_megapixels: float = 50
    threads: int | None = None
    memory_cache_gb: float | None = None

    def __post_init__(self):
        if self.batch_size < 1:
            raise UserError(f"`batch_size` must be a positive integer. Received: {self.batch_size}.")
        if self.balanced and not self.shuffle:
            raise UserError("Balanced sampling needs shuffle=True: without shuffling every picture comes exactly once.")
