"""How a picture of any size becomes the square that a model sees; travels inside the saved model."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from car_classifier.base.errors import DataError

Byte = Annotated[int, Field(ge=0, le=255)]


class PictureGeometry(BaseModel):
    """Cuts a picture to its box and resizes it to a square, antialiased.

    Args:
        image_size: side S of the square in pixels.
        geometry: `stretch` changes the proportions; `pad` keeps them and fills the rim; `crop` keeps them and loses
            what lies outside the middle square.
        cut_to_box: cut to the box first, where the picture has one.
        box_margin: added around the box on every side, as a fraction of the box's width and height.
        fill_colour: red, green, blue of the rim that `pad` leaves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    image_size: Annotated[int, Field(ge=1, le=4096)]
    geometry: Literal["stretch", "pad", "crop"] = "stretch"
    cut_to_box: bool = False
    box_margin: Annotated[float, Field(ge=0, le=1)] = 0.05
    fill_colour: tuple[Byte, Byte, Byte] = (124, 116, 104)  # the mean colour of ImageNet

    def apply(self, picture: np.ndarray, box: np.ndarray | None = None) -> np.ndarray:
        """Return the square that the model sees.

        Args:
            picture: uint8 [H, W, 3].
            box: x_min, y_min, x_max, y_max in pixels; None takes the whole picture.

        Returns:
            uint8 [S, S, 3].

        Raises:
            DataError: the box has no area inside the picture.
        """
        if self.cut_to_box and box is not None:
            left, top, right, bottom = _window(picture.shape, box, self.box_margin)
            picture = picture[top:bottom, left:right]
        if self.geometry == "stretch":
            return _resize(picture, self.image_size, self.image_size)
        if self.geometry == "crop":
            left, top, right, bottom = _middle_square(picture.shape)
            return _resize(picture[top:bottom, left:right], self.image_size, self.image_size)
        return self._pad(picture)

    def seen_part(self, shape: Sequence[int], box: np.ndarray | None = None) -> tuple[float, float, float, float]:
        """Return the part of a picture that the square shows: x_min, y_min, x_max, y_max in pixels of the picture.

        With `pad` it reaches beyond the picture on two sides.

        Args:
            shape: height and width of the picture, and what may follow.
            box: as for `apply`.
        """
        left, top, right, bottom = 0, 0, shape[1], shape[0]
        if self.cut_to_box and box is not None:
            left, top, right, bottom = _window(shape, box, self.box_margin)
        width, height = right - left, bottom - top
        if self.geometry == "stretch":
            return left, top, right, bottom
        if self.geometry == "crop":
            inner = _middle_square((height, width))
            return left + inner[0], top + inner[1], left + inner[2], top + inner[3]
        size = self.image_size
        x, y, inner_width, inner_height = _padded(width, height, size)
        across, down = width / inner_width, height / inner_height  # pixels of the picture per pixel of the square
        return left - x * across, top - y * down, left + (size - x) * across, top + (size - y) * down

    def _pad(self, picture: np.ndarray) -> np.ndarray:
        size = self.image_size
        left, top, width, height = _padded(picture.shape[1], picture.shape[0], size)
        inner = _resize(picture, width, height)
        square = np.empty((size, size, 3), np.uint8)
        square[:] = self.fill_colour
        square[top : top + height, left : left + width] = inner
        return square


def _window(shape: Sequence[int], box: np.ndarray, margin: float) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is left of a picture that is cut to its box."""
    height, width = shape[:2]
    x_min, y_min, x_max, y_max = (float(value) for value in box)
    if not (x_max > x_min and y_max > y_min and x_max > 0 and y_max > 0 and x_min < width and y_min < height):
        raise DataError(
            f"The box ({x_min:g}, {y_min:g}, {x_max:g}, {y_max:g}) has no area inside the picture of "
            f"{width}×{height} pixels. Expected: x_min < x_max and y_min < y_max, in pixels of the upright picture."
        )
    across, down = margin * (x_max - x_min), margin * (y_max - y_min)
    left, right = max(0, math.floor(x_min - across)), min(width, math.ceil(x_max + across))
    top, bottom = max(0, math.floor(y_min - down)), min(height, math.ceil(y_max + down))
    return left, top, right, bottom


def _middle_square(shape: Sequence[int]) -> tuple[int, int, int, int]:
    height, width = shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return left, top, left + side, top + side


def _padded(width: int, height: int, size: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of a picture inside the padded square of side `size`."""
    scale = size / max(height, width)
    inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
    return (size - inner_width) // 2, (size - inner_height) // 2, inner_width, inner_height


def _resize(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Resize to [height, width, 3]: shrink by averaging areas, grow by cubic interpolation."""
    old_height, old_width = picture.shape[:2]
    shrunk = min(width, old_width), min(height, old_height)  # cv2 averages only where neither side grows
    if shrunk != (old_width, old_height):
        picture = cv2.resize(picture, shrunk, interpolation=cv2.INTER_AREA)
    if shrunk != (width, height):
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(picture)
