"""The sheet that a car is drawn on."""

import cv2
import numpy as np

from data.demo.camera import Camera

Colour = tuple[float, float, float]
_FRACTION_BITS = 4


class Stage:
    """Draws shapes given in the car's metres onto pixels, and remembers how far they reach.

    Args:
        pixels: RGB [H, W, 3] uint8, drawn on in place; several times larger than the final picture.
        camera: turns metres into these pixels.
    """

    def __init__(self, pixels: np.ndarray, camera: Camera):
        self.pixels = pixels
        self.camera = camera
        self._reached: list[np.ndarray] = []

    def extent(self) -> np.ndarray:
        """Return x_min, y_min, x_max, y_max of all that was drawn since the start, in pixels, shadows excepted."""
        reached = np.concatenate(self._reached)
        return np.concatenate([reached.min(axis=0), reached.max(axis=0)])

    def fill(self, points: np.ndarray, colour: Colour, *, opacity: float = 1.0, counts: bool = True) -> None:
        """Fill the polygon `points` [N, 3]; with `counts` it belongs to the car's extent."""
        flat = self.camera.project(points)
        if counts:
            self._reached.append(flat)
        if opacity >= 1:
            cv2.fillPoly(self.pixels, [_fixed(flat)], colour, cv2.LINE_8, _FRACTION_BITS)
            return
        height, width = self.pixels.shape[:2]
        left, top = np.clip(np.floor(flat.min(axis=0)).astype(int) - 1, 0, (width - 1, height - 1))
        right, bottom = np.clip(np.ceil(flat.max(axis=0)).astype(int) + 2, 1, (width, height))
        part = self.pixels[top:bottom, left:right]
        painted = part.copy()
        cv2.fillPoly(painted, [_fixed(flat - (left, top))], colour, cv2.LINE_8, _FRACTION_BITS)
        part[:] = cv2.addWeighted(painted, opacity, part, 1 - opacity, 0)

    def fill_hull(self, points: np.ndarray, colour: Colour) -> None:
        """Fill the outline of a convex solid with the corners `points` [N, 3]."""
        flat = self.camera.project(points)
        self._reached.append(flat)
        cv2.fillConvexPoly(self.pixels, cv2.convexHull(_fixed(flat)), colour, cv2.LINE_8, _FRACTION_BITS)

    def line(self, points: np.ndarray, colour: Colour, *, width: float, closed: bool = False) -> None:
        """Draw a line of `width` metres through `points` [N, 3]."""
        flat = self.camera.project(points)
        self._reached.append(flat)
        thickness = max(1, round(width * self.camera.scale))
        cv2.polylines(self.pixels, [_fixed(flat)], closed, colour, thickness, cv2.LINE_AA, _FRACTION_BITS)

    def fill_solid(self, patches: np.ndarray, colours: list[Colour]) -> None:
        """Fill those of the patches [M, 4, 3] that show their outer side (see `faces_viewer`), the farthest first."""
        flat = self.camera.project(patches.reshape(-1, 3)).reshape(-1, 4, 2)
        away = self.camera.view(patches.mean(axis=1))[:, 2]
        fixed = _fixed(flat)
        for index in np.argsort(-away, kind="stable"):
            if _turns_left(flat[index]):
                self._reached.append(flat[index])
                cv2.fillPoly(self.pixels, [fixed[index]], colours[index], cv2.LINE_8, _FRACTION_BITS)

    def faces_viewer(self, patch: np.ndarray) -> bool:
        """Return whether a patch [4, 3] shows its outer side: that from which its corners run counter-clockwise."""
        return _turns_left(self.camera.project(patch))


def _turns_left(flat: np.ndarray) -> bool:
    (x1, y1), (x2, y2) = (flat[2] - flat[0]).tolist(), (flat[3] - flat[1]).tolist()
    return x1 * y2 - y1 * x2 < 0


def _fixed(flat: np.ndarray) -> np.ndarray:
    return np.round(flat * (1 << _FRACTION_BITS)).astype(np.int32)
