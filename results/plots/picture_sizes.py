"""Widths, heights and shapes of pictures."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from results.plots.style import BLUE, GREY, SMALL_SIZE, new_figure, save_figure, style_axes

_WIDE_RANGE = 6  # from here on sides are drawn on a logarithmic scale
_AREAS = (12, 400)  # of a mark, in square points


def plot_picture_sizes(sizes: np.ndarray, path: Path | str) -> None:
    """Draw each size that occurs, larger marks for more pictures, and the distribution of width to height.

    Args:
        sizes: integers [N, 2], width and height in pixels; at least one.
        path: the PNG file.
    """
    figure = new_figure(10, 4.2)
    left, right = figure.subplots(1, 2, width_ratios=(1.1, 1))
    _draw_sizes(left, sizes)
    _draw_shapes(right, sizes[:, 0] / sizes[:, 1])
    save_figure(figure, path)


def _draw_sizes(axes: Axes, sizes: np.ndarray) -> None:
    style_axes(axes, "Width and height")
    places, counts = np.unique(sizes, axis=0, return_counts=True)
    areas = np.clip(_AREAS[1] * counts / counts.max(), *_AREAS)
    axes.scatter(places[:, 0], places[:, 1], s=areas, color=BLUE, alpha=0.45, linewidth=0)
    if sizes.max() > _WIDE_RANGE * sizes.min():
        axes.set(xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axis.set_minor_formatter(NullFormatter())
    else:
        axes.set(xlim=_limits(sizes[:, 0]), ylim=_limits(sizes[:, 1]))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("width in pixels", fontsize=SMALL_SIZE)
    axes.set_ylabel("height in pixels", fontsize=SMALL_SIZE)


def _limits(values: np.ndarray) -> tuple[float, float]:
    margin = 0.08 * max(np.ptp(values), 0.2 * values.max())
    return values.min() - margin, values.max() + margin


def _draw_shapes(axes: Axes, ratios: np.ndarray) -> None:
    style_axes(axes, "Width ÷ height")
    low, high = min(ratios.min(), 0.95), max(ratios.max(), 1.05)
    axes.hist(ratios, bins=np.linspace(low, high, 31), color=BLUE)
    axes.axvline(1, color=GREY, linewidth=1, linestyle="--")
    axes.set_xlabel("below 1: upright; above 1: lying", fontsize=SMALL_SIZE)
    axes.set_ylabel("pictures", fontsize=SMALL_SIZE)
    axes.yaxis.get_major_locator().set_params(integer=True)
