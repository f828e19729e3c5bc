"""Faces of the car: lamps, grille and number plates at the front and at the tail, and how they wrap onto the side."""

import numpy as np

from data.demo.body_shape import BodyShape
from data.demo.car_model import CarModel
from data.demo.look import Look
from data.demo.stage import Colour, Stage

_DARK = (26, 27, 30)
_CHROME = (196, 200, 204)
_FASCIA, _FRONT_BUMPER, _TAIL, _REAR_BUMPER = 1, 0, 8, 9
# lamp shape: (start, end) along the fascia, (start, end) across it, length and height on the side in metres
_LAMPS = {
    "slim": ((0.52, 0.86), (0.03, 0.32), 0.52, 0.11),
    "square": ((0.20, 0.92), (0.03, 0.20), 0.26, 0.27),
    "round": ((0.25, 0.95), (0.04, 0.24), 0.24, 0.24),
}


def draw_front(stage: Stage, shape: BodyShape, model: CarModel, look: Look) -> None:
    """Draw grille, lamps and number plate when the nose is turned towards the viewer."""
    if not stage.faces_viewer(shape.patch(_FASCIA, (0, 1), (0, 1))):
        return
    _draw_grille(stage, shape, model)
    stage.fill(shape.patch(_FRONT_BUMPER, (0.08, 0.48), (0.14, 0.86)), _DARK)
    stage.fill(shape.patch(_FRONT_BUMPER, (0.55, 0.98), (0.36, 0.64)), look.plate)
    lamp = (255, 250, 214) if look.lit else (212, 218, 222)
    for mirrored in (True, False):
        _draw_lamp(stage, shape, model.lamps, edge=_FASCIA, mirrored=mirrored, colour=lamp)


def draw_tail(stage: Stage, shape: BodyShape, model: CarModel, look: Look) -> None:
    """Draw lamps and number plate when the tail is turned towards the viewer."""
    if not stage.faces_viewer(shape.patch(_TAIL, (0, 1), (0, 1))):
        return
    stage.fill(shape.patch(_TAIL, (0.45, 0.95), (0.36, 0.64)), look.plate)
    stage.fill(shape.patch(_REAR_BUMPER, (0.62, 1.0), (0.1, 0.9)), _DARK)
    lamp = (255, 70, 58) if look.lit else (176, 28, 30)
    for mirrored in (True, False):
        _draw_lamp(stage, shape, model.lamps, edge=_TAIL, mirrored=mirrored, colour=lamp)


def draw_side_lamps(stage: Stage, shape: BodyShape, model: CarModel, look: Look) -> None:
    """Draw the parts of the lamps that are seen on the side."""
    _, _, length, height = _LAMPS[model.lamps]
    front = (255, 250, 214) if look.lit else (212, 218, 222)
    rear = (255, 70, 58) if look.lit else (176, 28, 30)
    nose, tail = shape.corners[2], shape.corners[8]
    for x, y, direction, colour in (
        (nose[0] - 0.06, nose[1] - 0.05, 1, front),
        (tail[0] + 0.03, tail[1] - 0.07, -1, rear),
    ):
        if model.lamps == "round":
            angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
            points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * height / 2
            points += (x + direction * (0.06 + length / 2), y - height / 2)
        else:
            taper = 0.25 if model.lamps == "slim" else 0.9
            points = np.array(
                [(x, y), (x + direction * length, y), (x + direction * length, y - height * taper), (x, y - height)]
            )
        stage.fill(shape.side(points), _DARK)
        middle = points.mean(axis=0)
        stage.fill(shape.side(middle + (points - middle) * 0.82), colour)


def _draw_lamp(stage: Stage, shape: BodyShape, kind: str, *, edge: int, mirrored: bool, colour: Colour) -> None:
    along, across, _, _ = _LAMPS[kind]
    if edge == _TAIL:
        along = (1 - along[1], 1 - along[0])
    if kind == "round":
        angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        places = np.stack(
            [
                np.cos(angle) * (along[1] - along[0]) / 2 + sum(along) / 2,
                np.sin(angle) * (across[1] - across[0]) / 2 + sum(across) / 2,
            ],
            axis=1,
        )
    else:
        places = np.array([(a, u) for a, u in zip(along * 2, np.repeat(across, 2), strict=True)])[[0, 1, 3, 2]]
    if mirrored:
        places = places * (1, -1) + (0, 1)
    middle = places.mean(axis=0)
    stage.fill(shape.crosswise(edge, places), _DARK)
    stage.fill(shape.crosswise(edge, middle + (places - middle) * 0.82), colour)


def _draw_grille(stage: Stage, shape: BodyShape, model: CarModel) -> None:
    low, high = (0.62, 0.82) if model.grille == "slot" else (0.12, 0.86)
    across = (0.30, 0.70) if model.grille == "slot" else (0.27, 0.73)
    stage.fill(shape.patch(_FASCIA, (low, high), across), _DARK)
    if model.grille == "mesh":
        stage.line(shape.patch(_FASCIA, (low, high), across), _CHROME, width=0.03, closed=True)
        for u in np.linspace(*across, 6)[1:-1]:
            stage.line(shape.patch(_FASCIA, (low, high), (u, u))[:2], (92, 94, 98), width=0.015)
    else:
        for along in np.linspace(low, high, 2 if model.grille == "slot" else 5):
            stage.line(shape.patch(_FASCIA, (along, along), across)[1:3], _CHROME, width=0.03)
