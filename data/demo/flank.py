"""The near side of the car: panels, windows, doors, stripes."""

import numpy as np

from data.demo.body_shape import BodyShape
from data.demo.car_model import CarModel
from data.demo.look import Look, shaded
from data.demo.stage import Stage

_PLASTIC = (46, 47, 50)
_SAMPLES = 16


def draw_flank(stage: Stage, shape: BodyShape, model: CarModel, look: Look) -> None:
    """Draw the side panel with its light, its trim, its windows and its doors."""
    stage.fill(shape.side(shape.outline), look.tone(0.95))
    _draw_light(stage, shape, look)
    if model.cladding:
        _draw_band(stage, shape, (0.0, 0.30), _PLASTIC)
    if model.stripe:
        bright = sum(look.paint) > 330
        _draw_band(stage, shape, (0.52, 0.72), (28, 28, 32) if bright else (238, 236, 228))
    for start, end in shape.body.windows:
        _draw_window(stage, shape, look, ends=tuple(shape.scaled((start, end), 0)))
    _draw_doors(stage, shape, look)
    stage.line(shape.side(shape.outline), look.tone(0.62), width=0.02)


def _draw_light(stage: Stage, shape: BodyShape, look: Look) -> None:
    _draw_band(stage, shape, (0.0, 0.42), look.tone(0.78))
    _draw_band(stage, shape, (0.0, 0.12), look.tone(0.58))
    _draw_band(stage, shape, (0.80, 0.93), look.tone(1.16))


def _draw_band(stage: Stage, shape: BodyShape, heights: tuple[float, float], colour: tuple[float, ...]) -> None:
    """Fill between two fractions of the height from the sill to the belt, from nose to tail."""
    x = np.linspace(0.015, 0.985, 2 * _SAMPLES) * shape.length
    sill = _sill(shape, x)
    upper = np.minimum(shape.belt(x), shape.top(x) - 0.02)
    rows = [np.stack([x, sill + (upper - sill) * part], axis=1) for part in heights]
    stage.fill(shape.side(np.concatenate([rows[0], rows[1][::-1]])), colour)


def _sill(shape: BodyShape, x: np.ndarray) -> np.ndarray:
    first, last = shape.corners[0], shape.corners[-1]
    low = np.interp(x, (first[0], last[0]), (first[1], last[1]))
    nose, tail = shape.corners[1], shape.corners[9]
    low = np.where(x < first[0], np.interp(x, (nose[0], first[0]), (nose[1], first[1])), low)
    return np.where(x > last[0], np.interp(x, (last[0], tail[0]), (last[1], tail[1])), low)


def _draw_window(stage: Stage, shape: BodyShape, look: Look, *, ends: tuple[float, float]) -> None:
    x = np.linspace(*ends, _SAMPLES)
    low, high = shape.belt(x) + 0.02, shape.top(x) - 0.085
    x, low, high = x[high - low > 0.02], low[high - low > 0.02], high[high - low > 0.02]
    if len(x) < 2:
        return
    pane = np.concatenate([np.stack([x, low], axis=1), np.stack([x, high], axis=1)[::-1]])
    stage.fill(shape.side(pane), look.glass)
    middle = low + (high - low) * np.linspace(0.35, 0.7, len(x))
    sky = np.concatenate([np.stack([x, middle], axis=1), np.stack([x, high], axis=1)[::-1]])
    stage.fill(shape.side(sky), shaded(look.glass, 1.45))
    stage.line(shape.side(pane), (22, 23, 26), width=0.025, closed=True)


def _draw_doors(stage: Stage, shape: BodyShape, look: Look) -> None:
    seams = shape.scaled(shape.body.seams, 0)
    for number, x in enumerate(seams):
        sill, belt = float(_sill(shape, np.array([x]))[0]), float(shape.belt(x))
        stage.line(shape.side(np.array([(x, sill + 0.08), (x, belt)])), look.tone(0.55), width=0.018)
        if number:
            handle = np.array([(x - 0.28, belt - 0.13), (x - 0.08, belt - 0.13)])
            stage.line(shape.side(handle), shaded(look.tone(1.0), 0.5), width=0.035)
    front = np.array([(0, 0), (0.17, 0.02), (0.15, 0.14), (0.04, 0.13)])
    place = np.array([seams[0] + 0.10, float(shape.belt(seams[0])) - 0.01])
    stage.fill(shape.side(place + front, out=0.16), look.tone(0.8))
