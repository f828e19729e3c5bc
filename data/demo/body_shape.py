"""A body type as a solid: where a point of its side, its front or its tail lies in space."""

from functools import cached_property

import numpy as np

from data.demo.body_type import BodyType

_ROUNDING = 0.38
_LONGEST_ROUNDING = 0.40
_TAPER = ((0.75, 0.30), (0.60, 0.20))  # (length, depth) of the rounding in plan, front and rear
_LEAN = 0.30  # how much the cabin leans inwards, metres for each metre above the belt


class BodyShape:
    """Places points of a body in space: x to the tail, y up, z from the near side to the far one, metres.

    Args:
        body: the outline.
        stretch: factors of length and height, near 1.
    """

    def __init__(self, body: BodyType, stretch: tuple[float, float] = (1.0, 1.0)):
        self.body = body
        self.width = body.width
        self._stretch = np.asarray(stretch)
        self.corners = np.asarray(body.profile) * self._stretch
        self.windscreen = self.corners[3:5].copy()
        if body.open_top:
            cabin = self.corners[3:8]
            cabin[:, 1] = np.interp(cabin[:, 0], cabin[[0, -1], 0], cabin[[0, -1], 1])
        self.length = float(self.corners[:, 0].max())
        self.height = float(np.asarray(body.profile)[:, 1].max() * stretch[1])

    def scaled(self, values: tuple[float, ...], axis: int) -> np.ndarray:
        """Return lengths (axis 0) or heights (axis 1) of the body type under this shape's stretch."""
        return np.asarray(values) * self._stretch[axis]

    @cached_property
    def outline(self) -> np.ndarray:
        """The rounded profile [N, 2] from the front bumper's bottom to the rear bumper's bottom."""
        points = [self.corners[:1]]
        steps = np.linspace(0, 1, 6)[:, None]
        for before, corner, after in zip(self.corners, self.corners[1:], self.corners[2:], strict=False):
            start, end = _towards(corner, before), _towards(corner, after)
            points.append((1 - steps) ** 2 * start + 2 * steps * (1 - steps) * corner + steps**2 * end)
        points.append(self.corners[-1:])
        return np.concatenate(points)

    def top(self, x: np.ndarray) -> np.ndarray:
        """Return the height of the profile above `x`."""
        upper = np.maximum.accumulate(self.outline[3:-3, 0])
        return np.interp(x, upper, self.outline[3:-3, 1])

    def belt(self, x: np.ndarray) -> np.ndarray:
        """Return the height of the windows' lower edge at `x`."""
        return np.interp(x, (0.25 * self.length, 0.85 * self.length), self.scaled(self.body.belt, 1))

    def side(self, points: np.ndarray, *, far: bool = False, out: float = 0.0) -> np.ndarray:
        """Lift points (x, y) [N, 2] onto the near (or far) side, `out` metres in front of it [N, 3]."""
        x, y = points[:, 0], points[:, 1]
        z = _LEAN * np.maximum(0, y - self.body.belt[0]) + 0.2 * np.maximum(0, 0.5 - y)
        for reach, (length, depth) in zip((x, self.length - x), _TAPER, strict=True):
            z = z + depth * np.maximum(0, 1 - reach / length) ** 2
        place = np.empty((len(points), 3))
        place[:, :2] = points
        place[:, 2] = self.width - z + out if far else z - out
        return place

    def crosswise(self, edge: int, places: np.ndarray) -> np.ndarray:
        """Return points [N, 3] of the front, the top or the tail.

        Args:
            edge: of the profile.
            places: fractions [N, 2] along that edge, in the profile's direction, and across the width, 0 at the near
                side.
        """
        along, across = np.asarray(places)[:, :1], np.asarray(places)[:, 1:]
        points = self.corners[edge] + (self.corners[edge + 1] - self.corners[edge]) * along
        near, far = self.side(points), self.side(points, far=True)
        return near + (far - near) * across

    def patch(self, edge: int, along: tuple[float, float], across: tuple[float, float]) -> np.ndarray:
        """Return the rectangle [4, 3] between two fractions along an edge and two across the width."""
        (a, b), (u, v) = along, across
        return self.crosswise(edge, np.array([(a, u), (b, u), (b, v), (a, v)]))


def _towards(corner: np.ndarray, other: np.ndarray) -> np.ndarray:
    distance = float(np.linalg.norm(other - corner))
    return corner + (other - corner) / max(distance, 1e-9) * min(_ROUNDING * distance, _LONGEST_ROUNDING)
