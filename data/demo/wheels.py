"""Wheels, wheel arches and the shadow under the car."""

from collections.abc import Callable

import numpy as np

from data.demo.body_shape import BodyShape
from data.demo.car_model import CarModel
from data.demo.look import Look, shaded
from data.demo.stage import Stage

_RUBBER = (27, 27, 30)
_TREAD = (17, 17, 19)
_PLASTIC = (46, 47, 50)
_HOLLOW = (14, 14, 16)


def draw_underside(stage: Stage, shape: BodyShape) -> None:
    """Draw the shadow on the ground, the floor and the far wheels: all that the body hides later."""
    floor = [(-0.05, 0.05), (shape.length + 0.05, 0.05), (shape.length + 0.05, shape.width), (-0.05, shape.width)]
    middle = np.mean(floor, axis=0)
    for size in (1.08, 1.02, 0.95):
        corners = middle + (np.array(floor) - middle) * size
        stage.fill(np.insert(corners, 1, 0.0, axis=1), (16, 16, 20), opacity=0.32, counts=False)
    sill = shape.corners[0][1] + 0.06
    beam = [
        (x, y, z) for x in (0.3, shape.length - 0.3) for y in (sill - 0.1, sill + 0.1) for z in (0.2, shape.width - 0.2)
    ]
    stage.fill_hull(np.array(beam), _HOLLOW)
    for x in shape.scaled(shape.body.axles, 0):
        _draw_tyre(stage, shape, x, depths=(shape.width - 0.28, shape.width - 0.06))


def draw_wheels(stage: Stage, shape: BodyShape, model: CarModel, look: Look) -> None:
    """Draw the near wheels in their arches."""
    radius = shape.body.wheel_radius
    for x in shape.scaled(shape.body.axles, 0):
        if model.cladding:
            _draw_arch(stage, shape, x, radius=radius * 1.34, colour=_PLASTIC)
        _draw_arch(stage, shape, x, radius=radius * 1.17, colour=_HOLLOW)
        _draw_tyre(stage, shape, x, depths=(0.34, 0.10))
        draw_rim(stage, lambda flat, x=x: _upright(flat, x, radius, 0.09), radius=radius * 0.70, model=model, look=look)


def draw_rim(
    stage: Stage, place: Callable[[np.ndarray], np.ndarray], *, radius: float, model: CarModel, look: Look
) -> None:
    """Draw a rim with its spokes.

    Args:
        place: puts points [N, 2] around the hub, metres, into space [N, 3].
        radius: of the rim, metres.
    """
    stage.fill(place(_circle(radius)), look.rim)
    stage.fill(place(_circle(radius * 0.86)), (40, 41, 45))
    half = 1.15 / model.num_spokes
    reach = np.array([0.2, 0.9, 0.9, 0.2])[:, None] * radius
    for turn in look.wheel_turn + np.arange(model.num_spokes) * 2 * np.pi / model.num_spokes:
        angles = turn + np.array([-1.5, -0.8, 0.8, 1.5]) * half
        stage.fill(place(np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach), look.rim)
    stage.fill(place(_circle(radius * 0.26)), shaded(look.rim, 0.8))


def _circle(radius: float, count: int = 28) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius


def _upright(flat: np.ndarray, x: float, y: float, z: float) -> np.ndarray:
    return np.column_stack([flat + (x, y), np.full(len(flat), z)])


def _draw_tyre(stage: Stage, shape: BodyShape, x: float, *, depths: tuple[float, float]) -> None:
    radius = shape.body.wheel_radius
    rings = [_upright(_circle(radius), x, radius, depth) for depth in depths]
    stage.fill_hull(np.concatenate(rings), _TREAD)
    stage.fill(rings[1], _RUBBER)


def _draw_arch(stage: Stage, shape: BodyShape, x: float, *, radius: float, colour: tuple[float, float, float]) -> None:
    angle = np.linspace(0, np.pi, 20)
    arch = np.stack([x + radius * np.cos(angle), shape.body.wheel_radius + radius * np.sin(angle)], axis=1)
    sill = shape.corners[0][1] - 0.01
    feet = np.array([(x - radius, sill), (x + radius, sill)])
    stage.fill(shape.side(np.concatenate([arch, feet]), out=0.005), colour)
