"""The crop out of an enlarged picture."""

from typing import Any

import cv2
import numpy as np
from albumentations import ImageOnlyTransform


class PaddedCrop(ImageOnlyTransform):
    """Enlarges a picture on every side and cuts its old size out again, at a random place.

    The usual augmentation of small pictures: a shift by whole pixels, which blurs nothing.

    Args:
        padding: on every side, as a fraction of the picture's height and width; rounded to pixels.
        border_mode: OpenCV's number of what fills the rim.
        p: probability.

    Reference:
        He et al., "Deep residual learning for image recognition", 2016, section 4.2.
    """

    def __init__(self, padding: float, *, border_mode: int, p: float):
        super().__init__(p=p)
        self.padding, self.border_mode = padding, border_mode

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        """Draw the place of the crop."""
        rims = [round(self.padding * side) for side in params["shape"][:2]]
        return {"rims": rims, "start": [self.py_random.randint(0, 2 * rim) for rim in rims]}

    def apply(self, img: np.ndarray, rims: list[int], start: list[int], **params: Any) -> np.ndarray:
        """Return the crop, of the shape of `img` [H, W, 3]."""
        (above, left), (top, first) = rims, start
        padded = cv2.copyMakeBorder(img, above, above, left, left, self.border_mode)
        return padded[top : top + img.shape[0], first : first + img.shape[1]]
