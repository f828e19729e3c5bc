"""What is bolted on: roof rails, a wing, a spare wheel."""

import numpy as np

from data.demo.body_shape import BodyShape
from data.demo.car_model import CarModel
from data.demo.look import Look
from data.demo.stage import Stage
from data.demo.wheels import draw_rim


def draw_roof_rack(stage: Stage, shape: BodyShape, look: Look) -> None:
    """Draw two rails with three feet each, the far one first."""
    start, end = shape.corners[4][0] + 0.15, shape.corners[6][0] - 0.05
    for far in (True, False):
        x = np.linspace(start, end, 9)
        feet = shape.side(np.stack([x, shape.top(x)], axis=1), far=far)
        feet[:, 2] += -0.14 if far else 0.14
        rail = feet + (0, 0.11, 0)
        rail[[0, -1]] = feet[[0, -1]]
        stage.line(rail, look.rails, width=0.055)
        for index in (2, 4, 6):
            stage.line(np.stack([feet[index], rail[index]]), look.rails, width=0.05)


def draw_spoiler(stage: Stage, shape: BodyShape, look: Look) -> None:
    """Draw a wing on two feet above the boot lid."""
    x, y = shape.corners[8] + (-0.30, 0.17)
    for across in (shape.width - 0.4, 0.4):
        stage.line(np.array([(x + 0.12, y, across), (x + 0.06, y - 0.17, across)]), look.tone(0.6), width=0.06)
    blade = np.array(
        [(dx, dy, z) for z in (0.10, shape.width - 0.10) for dx, dy in ((0, 0), (0.36, 0.05), (0.36, 0.11), (0, 0.05))]
    ) + (x, y, 0)
    stage.fill_hull(blade, look.tone(0.78))
    stage.fill(blade[[3, 2, 6, 7]], look.tone(1.15))
    plate = np.array([(-0.02, -0.05, 0.10), (0.38, -0.03, 0.10), (0.38, 0.16, 0.10), (-0.02, 0.08, 0.10)]) + (x, y, 0)
    stage.fill(plate, look.tone(0.9))


def draw_spare_wheel(stage: Stage, shape: BodyShape, model: CarModel, look: Look) -> None:
    """Draw the wheel on the tail."""
    radius = shape.body.wheel_radius * 0.92
    tail, height, middle = shape.corners[9][0], shape.corners[9][1] + 0.22, shape.width * 0.5
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    flat = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius

    def place(points: np.ndarray, x: float = tail + 0.24) -> np.ndarray:
        return np.column_stack([np.full(len(points), x), points[:, 1] + height, points[:, 0] + middle])

    stage.fill_hull(np.concatenate([place(flat, tail - 0.02), place(flat)]), (22, 22, 25))
    if stage.camera.yaw < 0:
        stage.fill(place(flat), (32, 32, 35))
        draw_rim(stage, place, radius=radius * 0.7, model=model, look=look)
