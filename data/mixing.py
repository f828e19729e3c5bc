"""CutMix and MixUp on the finished batch."""

import numpy as np

from data.augmentation_config import AugmentationConfig
from data.batch import Batch


def mix_batch(
    batch: Batch, config: AugmentationConfig, *, seed: int, partners: np.ndarray | None = None
) -> Batch:
    """Mix every example of a batch with another one of it.

    MixUp (Zhang et al., 2018) adds the pictures in shares λ and 1 - λ, CutMix (Yun et al., 2019) replaces a rectangle
    of area 1 - λ; labels are added in the same shares, λ ~ Beta(α, α), one per batch. Weights stay.

    Args:
        batch: pictures uint8 or float32 [B, H, W, 3]; stays as it is.
        seed: from (seed, epoch, batch); decides whether and how this batch is mixed.
        partners: place of the example that each one is mixed with, integers [B]; None: drawn.

    Returns:
        Pictures float32 [B, H, W, 3] in [0, 255], also when the lot left the batch unmixed; rows of labels sum to 1.
    """
    generator = np.random.default_rng(seed)
    pictures = batch.pictures.astype(np.float32)
    if len(pictures) < 2 or generator.random() >= config.mixing_probability:
        return Batch(pictures, batch.labels, batch.weights)
    cut = config.cutmix_alpha > 0 and (config.mixup_alpha == 0 or generator.random() < 0.5)
    alpha = config.cutmix_alpha if cut else config.mixup_alpha
    share = np.float32(generator.beta(alpha, alpha))
    drawn = generator.permutation(len(pictures))
    partners = drawn if partners is None else partners
    if cut:
        share = _paste_rectangle(pictures, partners, share, generator)
    else:
        pictures *= share
        pictures += (1 - share) * batch.pictures[partners]
    labels = share * batch.labels + (1 - share) * batch.labels[partners]
    return Batch(pictures, labels, batch.weights)


def _paste_rectangle(
    pictures: np.ndarray, partners: np.ndarray, share: np.float32, generator: np.random.Generator
) -> np.float32:
    """Replace a rectangle, clipped at the rim, by the partners'; return the share of the area that is left."""
    height, width = pictures.shape[1:3]
    side = np.sqrt(1 - share)
    middle_y, middle_x = generator.integers(height), generator.integers(width)
    top, bottom = np.clip([middle_y - side * height / 2, middle_y + side * height / 2], 0, height).round().astype(int)
    left, right = np.clip([middle_x - side * width / 2, middle_x + side * width / 2], 0, width).round().astype(int)
    pictures[:, top:bottom, left:right] = pictures[partners, top:bottom, left:right]
    return np.float32(1 - (bottom - top) * (right - left) / (height * width))
