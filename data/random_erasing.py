"""Random erasing."""

import math
from typing import Any

import numpy as np
from albumentations import ImageOnlyTransform

_SMALLEST_AREA = 0.02  # share of the picture
_WIDEST = 3.3  # width by height, and the other way round


class RandomErasing(ImageOnlyTransform):
    """Hides a rectangle, so that no part of an object decides alone.

    `Erasing` of albumentations fails on pictures fifteen times as wide as high, and on an area of 0.

    Args:
        area: largest share of the picture that is hidden; the smallest is 0.02, or `area` where that is less.
        fill: colour of the rectangle (three numbers); None: noise, each pixel drawn by itself.
        p: probability.

    Reference:
        Zhong et al., "Random erasing data augmentation", 2020.
    """

    def __init__(self, area: float, *, fill: tuple[int, int, int] | None, p: float):
        super().__init__(p=p)
        self.area, self.fill = area, fill

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        """Draw the rectangle."""
        height, width = params["shape"][:2]
        area = self.py_random.uniform(min(_SMALLEST_AREA, self.area), self.area) * height * width
        aspect = math.exp(self.py_random.uniform(-math.log(_WIDEST), math.log(_WIDEST)))
        rows, columns = min(height, round(math.sqrt(area / aspect))), min(width, round(math.sqrt(area * aspect)))
        top, left = self.py_random.randint(0, height - rows), self.py_random.randint(0, width - columns)
        return {"part": (slice(top, top + rows), slice(left, left + columns))}

    def apply(self, img: np.ndarray, part: tuple[slice, slice], **params: Any) -> np.ndarray:
        """Return a copy of `img` [H, W, 3] without the part."""
        erased = img.copy()
        shape = erased[part].shape
        erased[part] = self.random_generator.integers(256, size=shape, dtype=np.uint8) if self.fill is None else self.fill
        return erased
