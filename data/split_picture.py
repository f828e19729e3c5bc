"""A picture of a split, as training, evaluation and everything that explains them see it."""

import numpy as np

from data.dataset import Split
from data.picture import decode_picture


def open_picture(split: Split, index: int, *, max_megapixels: float = 50) -> np.ndarray:
    """Decode a picture and cut off its banner, which belongs to the file and not to what it shows.

    A box refers to the picture with or without its banner alike, because this lies at the bottom.

    Returns:
        uint8 [H, W, 3], RGB in [0, 255].

    Raises:
        PictureError: the file cannot be decoded.
    """
    return without_banner(decode_picture(split.paths[index], max_megapixels=max_megapixels), split.banner(index))


def without_banner(picture: np.ndarray, banner: int) -> np.ndarray:
    """Return a picture, uint8 [H, W, 3], without its lowest `banner` rows."""
    return picture[: len(picture) - banner]
