"""How much of a map of importance lies inside the true box."""

from typing import Any

import numpy as np

from results.statistics import bootstrap_interval


def share_in_box(heat: np.ndarray, box: np.ndarray, part: tuple[float, float, float, float]) -> tuple[float, float]:
    """Return the share of a map that lies inside a box, and the share that an even map would have there.

    Each cell of the map counts as spread evenly over its place, so no interpolation flatters the result.

    Args:
        heat: [h, w], at least 0; not 0 everywhere.
        box: x_min, y_min, x_max, y_max in pixels of the picture.
        part: what the model saw of the picture, in the same pixels; the map is stretched over it.

    Returns:
        Both in [0, 1].
    """
    height, width = heat.shape
    across = _covered(width, box[0], box[2], start=part[0], end=part[2])
    down = _covered(height, box[1], box[3], start=part[1], end=part[3])
    return float(down @ heat @ across / heat.sum()), float(down.mean() * across.mean())


def summarise_shares(shares: np.ndarray, areas: np.ndarray, *, seed: int) -> dict[str, Any]:
    """Return the means of both shares and of their difference over pictures, with 95 % bootstrap intervals.

    Args:
        shares, areas: of N pictures, at least one, as `share_in_box` answers them.
        seed: of the bootstrap.
    """
    figures: dict[str, Any] = {"num_pictures": len(shares)}
    for name, values in {"share": shares, "area": areas, "gain": shares - areas}.items():
        low, high = bootstrap_interval(values, seed=seed)
        figures |= {name: float(np.mean(values)), f"{name}_low": low, f"{name}_high": high}
    return figures


def _covered(count: int, low: float, high: float, *, start: float, end: float) -> np.ndarray:
    """Return which share of each of `count` cells between `start` and `end` lies between `low` and `high`."""
    edges = np.linspace(start, end, count + 1)
    overlap = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
    return np.clip(overlap, 0, None) / (edges[1] - edges[0])
