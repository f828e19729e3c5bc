"""The bodywork that runs across the car: bumpers, bonnet, windscreen, roof and tail."""

import numpy as np

from data.demo.body_shape import BodyShape
from data.demo.look import Look, shaded
from data.demo.stage import Stage

_BLACK = (24, 24, 27)


def draw_skin(stage: Stage, shape: BodyShape, look: Look) -> None:
    """Draw everything between the two sides, from the farthest strip to the nearest."""
    near, far = shape.side(shape.outline), shape.side(shape.outline, far=True)
    strips = np.stack([near[:-1], near[1:], far[1:], far[:-1]], axis=1)
    steps = np.diff(shape.outline, axis=0)
    normals = np.stack([-steps[:, 1], steps[:, 0]], axis=1) / np.maximum(np.linalg.norm(steps, axis=1), 1e-9)[:, None]
    stage.fill_solid(strips, [look.tone(0.80 + 0.36 * up - 0.05 * back) for back, up in normals.tolist()])
    if shape.body.open_top:
        _draw_cockpit(stage, shape, look)
    else:
        _draw_glass(stage, shape, look, edge=3, along=(0.05, 0.93))
        _draw_glass(stage, shape, look, edge=6, along=(0.12, 0.86))
    if shape.body.open_bed:
        _draw_patch(stage, shape.patch(7, (0.03, 0.97), (0.07, 0.93)), _BLACK)


def _draw_patch(stage: Stage, patch: np.ndarray, colour: tuple[float, float, float]) -> None:
    if stage.faces_viewer(patch):
        stage.fill(patch, colour)


def _draw_glass(stage: Stage, shape: BodyShape, look: Look, *, edge: int, along: tuple[float, float]) -> None:
    _draw_patch(stage, shape.patch(edge, along, (0.05, 0.95)), look.glass)
    low, high = along
    streak = np.array([(low, 0.55), (high, 0.35), (high, 0.65), (low, 0.85)])
    _draw_patch(stage, shape.crosswise(edge, streak), shaded(look.glass, 1.5))


def _draw_cockpit(stage: Stage, shape: BodyShape, look: Look) -> None:
    for edge in (3, 4, 5):
        _draw_patch(stage, shape.patch(edge, (0.0, 1.0), (0.06, 0.94)), _BLACK)
    if stage.camera.yaw > 0:
        _draw_seats(stage, shape)
        _draw_windscreen(stage, shape, look)
    else:
        _draw_windscreen(stage, shape, look)
        _draw_seats(stage, shape)


def _draw_seats(stage: Stage, shape: BodyShape) -> None:
    base = shape.corners[4]
    for across in (0.72, 0.28):
        for row, height in ((0.62, 0.26), (1.22, 0.18)):
            middle = shape.width * across
            x, y = base[0] + row, base[1] - 0.05
            back = [
                (x + lean, y + up, middle + wide)
                for wide in (-0.2, 0.2)
                for lean, up in ((-0.05, 0), (0.08, 0), (0.02, height), (0.12, height))
            ]
            stage.fill_hull(np.array(back), (70, 60, 56))
            head = [
                (x + 0.05 + lean, y + height + up, middle + wide)
                for wide in (-0.1, 0.1)
                for lean, up in ((0, 0), (0.07, 0), (0.02, 0.12), (0.08, 0.12))
            ]
            stage.fill_hull(np.array(head), (88, 76, 70))


def _draw_windscreen(stage: Stage, shape: BodyShape, look: Look) -> None:
    near, far = shape.side(shape.windscreen), shape.side(shape.windscreen, far=True)
    pane = np.stack([near[0], near[1], far[1], far[0]])
    stage.fill(pane, look.glass, opacity=0.55)
    stage.line(pane, look.tone(0.7), width=0.05, closed=True)
