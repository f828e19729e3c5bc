"""From a map of a layer to a map of the upright picture."""

import cv2
import numpy as np


def spread_over_picture(values: np.ndarray, shape: tuple[int, ...], part: tuple[float, float, float, float]) -> np.ndarray:
    """Return a map of a picture: 1 at the strongest place, NaN where the model saw nothing.

    Args:
        values: float32 [h, w], at least 0.
        shape: of the picture, [H, W, 3].
        part: what the model saw of it, see `PictureGeometry.seen_part`.

    Returns:
        float32 [H, W]; 0 everywhere when `values` are.
    """
    (height, width), (rows, columns) = shape[:2], values.shape
    x_min, y_min, x_max, y_max = part
    across, down = columns / (x_max - x_min), rows / (y_max - y_min)
    # Centres of pixels and cells: place x + 0.5 of the picture is place (x + 0.5 - x_min) * across of the map.
    to_map = np.array([[across, 0, (0.5 - x_min) * across - 0.5], [0, down, (0.5 - y_min) * down - 0.5]])
    scaled = values / max(float(values.max()), np.finfo(np.float32).tiny)
    heat = cv2.warpAffine(
        scaled.astype(np.float32), to_map, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    xs, ys = np.arange(width) + 0.5, np.arange(height) + 0.5
    seen = ((ys >= y_min) & (ys <= y_max))[:, None] & ((xs >= x_min) & (xs <= x_max))
    return np.where(seen, np.clip(heat, 0, 1), np.nan).astype(np.float32)
