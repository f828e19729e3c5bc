"""One picture of the demo, from a seed."""

from dataclasses import dataclass

import cv2
import numpy as np

from data.demo.body_shape import BodyShape
from data.demo.body_type import BODY_TYPES
from data.demo.camera import Camera
from data.demo.car import draw_car
from data.demo.car_model import CarModel
from data.demo.exposure import expose
from data.demo.foreground import draw_foreground
from data.demo.look import random_look
from data.demo.scenery import draw_scenery
from data.demo.stage import Stage

_WIDTH = 128
_ENLARGED = 3  # shapes are drawn this many times larger and then shrunk, which smooths their edges


@dataclass(frozen=True)
class DemoPicture:
    """A drawn picture.

    Args:
        pixels: RGB [H, W, 3] uint8.
        box: x_min, y_min, x_max, y_max of the car, whole pixels, the maxima being one past the last.
    """

    pixels: np.ndarray
    box: tuple[int, int, int, int]


def draw_picture(model: CarModel, seed: int) -> DemoPicture:
    """Draw `model` somewhere, in some light and from some angle; the same seed gives the same pixels."""
    generator = np.random.default_rng(seed)
    height = int(generator.integers(84, 105))
    shape = BodyShape(BODY_TYPES[model.body], stretch=tuple(generator.uniform(0.97, 1.03, 2)))
    camera = _random_camera(generator, shape, height)
    horizon = camera.offset[1] - generator.uniform(-0.03, 0.15) * height
    pixels = draw_scenery((height, _WIDTH), generator, horizon=min(max(horizon, 0.2 * height), 0.7 * height))
    pixels = cv2.resize(pixels, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    stage = Stage(pixels, camera.enlarged(_ENLARGED))
    draw_car(stage, shape, model, random_look(generator))
    draw_foreground(stage.pixels, generator)
    pixels = expose(cv2.resize(stage.pixels, (_WIDTH, height), interpolation=cv2.INTER_AREA), generator)
    box = _whole_pixels(stage.extent() / _ENLARGED, height)
    if generator.random() < 0.5:
        pixels = np.ascontiguousarray(pixels[:, ::-1])
        box = (_WIDTH - box[2], box[1], _WIDTH - box[0], box[3])
    return DemoPicture(pixels, box)


def _random_camera(generator: np.random.Generator, shape: BodyShape, height: int) -> Camera:
    camera = Camera(
        yaw=float(generator.uniform(-35, 35)),
        pitch=float(generator.uniform(2, 13)),
        roll=float(generator.normal(0, 1.5)),
        distance=float(generator.uniform(8, 16)),
        center=(shape.length / 2, shape.height / 2, shape.width / 2),
    )
    solid = np.concatenate([shape.side(shape.outline), shape.side(shape.outline, far=True)])
    plane = camera.framed(solid, width=1.0, center=(0, 0)).project(solid)
    tall = float(np.ptp(plane[:, 1]))
    width = min(generator.uniform(0.68, 0.95) * _WIDTH, 0.80 * height / tall)
    room = (_WIDTH - width) / 2, (height - width * tall) / 2
    center = (_WIDTH / 2 + generator.uniform(-0.9, 0.9) * room[0], height / 2 + generator.uniform(-0.3, 0.75) * room[1])
    return camera.framed(solid, width=width, center=center)


def _whole_pixels(extent: np.ndarray, height: int) -> tuple[int, int, int, int]:
    low = np.floor(extent[:2]).clip(0)
    high = np.minimum(np.ceil(extent[2:]), (_WIDTH, height))
    return (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
