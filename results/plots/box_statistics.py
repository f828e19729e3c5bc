"""How large annotated boxes are, how they are shaped, and where they lie."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from results.plots.share_formatter import ShareFormatter
from results.plots.style import BLUE, RIGHT, SMALL_SIZE, new_figure, save_figure, style_axes

_CELLS = 48


def plot_box_statistics(boxes: np.ndarray, path: Path | str) -> None:
    """Draw the share of the picture that boxes take, their width beside their height, and where they cover the picture.

    Args:
        boxes: float [M, 4], x_min, y_min, x_max, y_max as fractions of the picture; at least one.
        path: the PNG file.
    """
    figure = new_figure(12, 3.9)
    areas, sides, cover = figure.subplots(1, 3)
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    _draw_areas(areas, width * height)
    _draw_sides(sides, width, height)
    _draw_cover(cover, boxes)
    save_figure(figure, path)


def _draw_areas(axes: Axes, shares: np.ndarray) -> None:
    style_axes(axes, "Share of the picture")
    axes.hist(shares, bins=np.linspace(0, 1, 41), color=BLUE)
    axes.xaxis.set_major_formatter(ShareFormatter())
    axes.set_xlim(0, 1)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("area of the box", fontsize=SMALL_SIZE)
    axes.set_ylabel("pictures", fontsize=SMALL_SIZE)


def _draw_sides(axes: Axes, width: np.ndarray, height: np.ndarray) -> None:
    style_axes(axes, "Width and height")
    axes.scatter(width, height, s=9, color=BLUE, alpha=0.4, linewidth=0, clip_on=False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(ShareFormatter())
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("of the picture's width", fontsize=SMALL_SIZE)
    axes.set_ylabel("of the picture's height", fontsize=SMALL_SIZE)


def _draw_cover(axes: Axes, boxes: np.ndarray) -> None:
    style_axes(axes, "Where boxes lie")
    axes.grid(False)
    middles = (np.arange(_CELLS) + 0.5) / _CELLS
    across = (boxes[:, [0]] <= middles) & (middles <= boxes[:, [2]])
    down = (boxes[:, [1]] <= middles) & (middles <= boxes[:, [3]])
    share = down.T.astype(float) @ across.astype(float) / len(boxes)
    image = axes.imshow(share, cmap=RIGHT, vmin=0, vmax=1, extent=(0, 1, 1, 0), interpolation="nearest")
    axes.set_aspect("auto")
    axes.set_xticks([])
    axes.set_yticks([])
    bar = axes.figure.colorbar(image, ax=axes, format=ShareFormatter(), shrink=0.9)
    bar.set_label("boxes that cover the place", fontsize=SMALL_SIZE)
    bar.ax.tick_params(labelsize=SMALL_SIZE)
