"""Where the photographer stands."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Camera:
    """A perspective camera that looks at the middle of a car.

    Args:
        yaw: degrees by which the nose turns towards the viewer (negative: the tail).
        pitch: degrees by which the viewer looks down.
        roll: degrees by which the camera is tilted.
        distance: from the car's middle, metres.
        center: the point looked at [3], metres.
        scale: pixels for one unit of the picture plane.
        offset: pixel of the picture plane's origin.
    """

    yaw: float
    pitch: float
    roll: float
    distance: float
    center: tuple[float, float, float]
    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def _axes(self) -> np.ndarray:
        """The viewer's axes right, up and away, one per row [3, 3]."""
        yaw, pitch, roll = np.radians((self.yaw, self.pitch, self.roll))
        turn = np.array([(np.cos(yaw), 0, -np.sin(yaw)), (0, 1, 0), (np.sin(yaw), 0, np.cos(yaw))])
        nod = np.array([(1, 0, 0), (0, np.cos(pitch), np.sin(pitch)), (0, -np.sin(pitch), np.cos(pitch))])
        tilt = np.array([(np.cos(roll), -np.sin(roll), 0), (np.sin(roll), np.cos(roll), 0), (0, 0, 1)])
        return tilt @ nod @ turn

    def view(self, points: np.ndarray) -> np.ndarray:
        """Turn points [N, 3] of the car into the viewer's axes: right, up, away [N, 3], metres."""
        return (points - np.array(self.center)) @ self._axes.T

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return the pixels [N, 2] of points [N, 3]."""
        viewed = self.view(points)
        zoom = self.scale * self.distance / (self.distance + viewed[:, 2:])
        return viewed[:, :2] * zoom * (1, -1) + self.offset

    def framed(self, points: np.ndarray, *, width: float, center: tuple[float, float]) -> "Camera":
        """Return this camera zoomed so that `points` [N, 3] are `width` pixels wide around the pixel `center`."""
        plane = replace(self, scale=1.0, offset=(0.0, 0.0)).project(points)
        low, high = plane.min(axis=0), plane.max(axis=0)
        scale = width / (high[0] - low[0])
        offset = np.asarray(center) - (low + high) / 2 * scale
        return replace(self, scale=float(scale), offset=(float(offset[0]), float(offset[1])))

    def enlarged(self, factor: float) -> "Camera":
        """Return this camera for pictures that are `factor` times as large."""
        return replace(self, scale=self.scale * factor, offset=(self.offset[0] * factor, self.offset[1] * factor))
