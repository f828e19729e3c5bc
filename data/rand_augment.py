"""RandAugment from the transforms of albumentations."""

import math
from typing import Any

import albumentations
import cv2
import numpy as np
from albumentations import BasicTransform, ImageOnlyTransform

MOST = 30  # the largest magnitude
_SOFT = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], np.float32) / 13  # the smoothing kernel of Pillow's `Sharpness`


class RandAugment(ImageOnlyTransform):
    """Applies some of fourteen operations, drawn with replacement, all with the same magnitude.

    Identity, AutoContrast, Equalize, Rotate (up to 30°), Solarize, Color, Posterize (down to 4 bits), Contrast, Brightness,
    Sharpness (all three up to ±0.9), ShearX, ShearY (up to 0.3), TranslateX, TranslateY (up to 150/331 of the side); a signed
    amount is added or taken away with equal probability. Unlike in the paper, shears keep the middle in place, and
    `border_mode` says what fills the rim, which is grey there.

    Args:
        num_operations: drawn for each picture.
        magnitude: 0 to 30.
        border_mode: OpenCV's number of what fills the rim.
        p: probability.

    Reference:
        Cubuk et al., "RandAugment: practical automated data augmentation with a reduced search space", 2020.
    """

    def __init__(self, num_operations: int, magnitude: float, *, border_mode: int, p: float):
        super().__init__(p=p)
        self.num_operations, self.magnitude, self.border_mode = num_operations, magnitude, border_mode
        level = magnitude / MOST
        signed = [_signed(sign * level, border_mode) for sign in (1, -1)]
        self._operations = [(one,) for one in _unsigned(level)] + list(zip(*signed, strict=True))

    def get_params(self) -> dict[str, Any]:
        """Draw the operations."""
        drawn = self.py_random.choices(self._operations, k=self.num_operations)
        return {"operations": [self.py_random.choice(signs) for signs in drawn]}

    def apply(self, img: np.ndarray, operations: list[BasicTransform], **params: Any) -> np.ndarray:
        """Return the picture after the operations drawn, of the shape of `img` [H, W, 3]."""
        for operation in operations:
            img = operation(image=img)["image"]
        return img


def _unsigned(level: float) -> list[BasicTransform]:
    """The operations without a sign, for a level in [0, 1]."""
    identity, bits = albumentations.NoOp(p=1), 8 - round(4 * level)
    return [
        identity,
        albumentations.AutoContrast(method="pil", p=1),
        albumentations.Equalize(mode="pil", p=1),
        albumentations.Solarize(threshold_range=(1 - level, 1 - level), p=1) if level else identity,  # else it inverts white
        albumentations.Posterize(num_bits=bits, p=1) if bits < 8 else identity,
    ]


def _signed(level: float, border_mode: int) -> list[BasicTransform]:
    """The operations with a sign, for a level in [-1, 1]; each one certain, with a fixed amount."""
    factor, shear, shift = 1 + 0.9 * level, math.degrees(math.atan(0.3 * level)), 150 / 331 * level
    return [
        albumentations.Rotate((30 * level, 30 * level), border_mode=border_mode, p=1),
        *(_adjust(**{name: (factor, factor)}) for name in ("brightness", "contrast", "saturation")),
        _Sharpness(factor),
        *(albumentations.Affine(shear={axis: (shear, shear), other: (0, 0)}, border_mode=border_mode, p=1)
          for axis, other in ("xy", "yx")),
        *(albumentations.Affine(translate_percent={axis: (shift, shift), other: (0, 0)}, border_mode=border_mode, p=1)
          for axis, other in ("xy", "yx")),
    ]


def _adjust(**factors: tuple[float, float]) -> BasicTransform:
    neutral = {"brightness": (1, 1), "contrast": (1, 1), "saturation": (1, 1), "hue": (0, 0)}
    return albumentations.ColorJitter(**neutral | factors, p=1)


class _Sharpness(ImageOnlyTransform):
    """Pillow's: below a factor of 1 softer, above sharper. albumentations' `Sharpen` only sharpens, and much more."""

    def __init__(self, factor: float):
        super().__init__(p=1)
        self.factor = factor
        self._kernel = (1 - factor) * _SOFT
        self._kernel[1, 1] += factor

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return cv2.filter2D(img, -1, self._kernel, borderType=cv2.BORDER_REPLICATE)
