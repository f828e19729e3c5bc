"""Accuracy of variants against the time of a training."""

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from matplotlib.transforms import ScaledTranslation

from results.comparison_member import FEATURES_STEP
from results.plots.share_formatter import ShareFormatter
from results.plots.style import (
    BLUE,
    LIGHT_BLUE,
    SMALL_SIZE,
    TEXT_SIZE,
    limits_of_shares,
    new_figure,
    save_figure,
    style_axes,
    wrap_name,
)

_WIDTH = 8.6  # inches, without a list of names
_UNITS = ((3600, "h"), (60, "min"), (1, "s"))
_RATIO_OF_TIMES = 5.0  # slowest to fastest, above which the axis is logarithmic
_FEW = 6  # variants whose names may find room beside their points
_NAME_LENGTH = 30
_LETTER = 5.2  # points of 1/72 inch that a letter is wide, about
_LIFTS = (0, 11, -11)  # points that a name may stand above the height of its point
_OWN = 14  # points above and below a point where only its own name may stand
_DISC = 13  # points across, of a disc with a number
_STEPS = sorted(itertools.product(range(-3, 4), repeat=2), key=lambda step: math.hypot(*step))

Box = tuple[float, float, float, float]  # left, bottom, right, top


def plot_time(content: dict[str, Any], path: Path | str) -> None:
    """Draw mean test accuracy with its interval against the mean wall-clock time of a training."""
    unit, name = _unit([variant["seconds"] for variant in content["variants"]])
    variants = [variant | {"time": variant["seconds"] / unit} for variant in content["variants"]]
    figure = new_figure(_WIDTH, max(4.6, 0.25 * len(variants)))
    axes = figure.subplots()
    for variant in variants:
        time, ends = variant["time"], (variant["accuracy_low"], variant["accuracy_high"])
        axes.vlines(time, *ends, color=LIGHT_BLUE, linewidth=2.2, zorder=2, clip_on=False)
        axes.plot(time, variant["accuracy"], "o", color=BLUE, markersize=7, zorder=3, markeredgecolor="white", clip_on=False)
    axes.margins(x=0.18, y=0.12)
    _style_times(axes, [variant["time"] for variant in variants], unit=name)
    axes.set_ylim(*limits_of_shares(*axes.get_ylim()))
    style_axes(axes, "Accuracy and time of a training")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=10, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(ShareFormatter())
    axes.set_ylabel("test accuracy, 95 % interval", fontsize=TEXT_SIZE)
    frozen = any(FEATURES_STEP in variant["steps"] for variant in variants)
    aside = ", without the features of a frozen backbone" if frozen else ""
    axes.set_xlabel(f"wall-clock time of one training, mean over seeds{aside}", fontsize=TEXT_SIZE)
    _name_points(figure, axes, variants)
    save_figure(figure, path)


def _is_wide(times: Sequence[float]) -> bool:
    return max(times) > _RATIO_OF_TIMES * min(times)


def _unit(seconds: Sequence[float]) -> tuple[float, str]:
    """Return the one unit for all times of an axis, in seconds, and its name; it suits the middle of a logarithmic axis."""
    typical = math.sqrt(min(seconds) * max(seconds)) if _is_wide(seconds) else max(seconds)
    return next((unit, name) for unit, name in _UNITS if typical >= 2 * unit or unit == 1)


def _style_times(axes: Axes, times: Sequence[float], *, unit: str) -> None:
    if _is_wide(times):
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_xlim(0, 1.25 * max(times))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda time, _: f"{time:g} {unit}"))


def _name_points(figure: Figure, axes: Axes, variants: list[dict[str, Any]]) -> None:
    """Names stand beside their points where all find room there; else numbers do, and a list has the names."""
    size = np.array([_WIDTH - 1.0, figure.get_figheight() - 1.0]) * 72  # of the axes, which have not been arranged yet
    points, lows, highs = (
        _in_points(axes, [(one["time"], one[height]) for one in variants], size)
        for height in ("accuracy", "accuracy_low", "accuracy_high")
    )
    names = [one["name"] for one in variants]
    places = None
    if len(names) <= _FEW and max(map(len, names)) <= _NAME_LENGTH:
        bars = np.stack([lows[:, 1], highs[:, 1]], axis=1)
        places = place_names(points, bars, lengths=list(map(len, names)), width=size[0])
    if places is None:
        _number_points(figure, axes, variants, place_discs(points))
        return
    for variant, (side, lift) in zip(variants, places, strict=True):
        axes.annotate(
            variant["name"], (variant["time"], variant["accuracy"]), xytext=(8 * side, lift), textcoords="offset points",
            ha="left" if side > 0 else "right", va="center", fontsize=SMALL_SIZE, parse_math=False,
        )


def _in_points(axes: Axes, places: Sequence[tuple[float, float]], size: np.ndarray) -> np.ndarray:
    """Places on the axes, in points of 1/72 inch from their lower left corner."""
    return axes.transAxes.inverted().transform(axes.transData.transform(places)) * size


def place_names(
    points: np.ndarray, bars: np.ndarray, *, lengths: Sequence[int], width: float
) -> list[tuple[int, float]] | None:
    """Return for each point on which side its name stands, 1 is right and -1 left, and how far above.

    All lengths and places are in points of 1/72 inch.

    Args:
        points: [N, 2].
        bars: [N, 2], lower and upper end of each interval.
        lengths: characters of each name.
        width: of the axes.

    Returns:
        None where some name has no room that is free of other names, points and intervals.
    """
    far = 1e4
    taken: list[Box] = [(-far, -far, 0, far), (width, -far, far, far)]
    taken += [(x - 4, min(low, y - _OWN), x + 4, max(high, y + _OWN)) for (x, y), (low, high) in zip(points, bars, strict=True)]
    found = []
    for (x, y), length in zip(points, lengths, strict=True):
        boxes = {}
        for lift, side in itertools.product(_LIFTS, (1, -1)):
            near, end = x + 6 * side, x + (8 + _LETTER * length) * side
            boxes[side, lift] = (min(near, end), y + lift - 5, max(near, end), y + lift + 5)
        free = [place for place, box in boxes.items() if not any(_overlap(box, other) for other in taken)]
        if not free:
            return None
        taken.append(boxes[free[0]])
        found.append(free[0])
    return found


def _overlap(first: Box, second: Box) -> bool:
    return all(min(first[end + 2], second[end + 2]) > max(first[end], second[end]) for end in (0, 1))


def place_discs(points: np.ndarray) -> list[tuple[float, float]]:
    """Return for each point how far beside and above it its disc is: nothing, unless a disc before would be covered.

    Args:
        points: [N, 2], in points of 1/72 inch, as the answer is.
    """
    discs: list[np.ndarray] = []
    for number, point in enumerate(points):
        others = np.delete(points, number, axis=0)
        steps = (np.array(step) * (_DISC + 2) for step in _STEPS)
        free = (step for step in steps if _is_free(point + step, discs, others if step.any() else others[:0]))
        discs.append(point + next(free, np.zeros(2)))
    return [tuple(disc - point) for disc, point in zip(discs, points, strict=True)]


def _is_free(place: np.ndarray, discs: Sequence[np.ndarray], points: np.ndarray) -> bool:
    """Whether a disc there covers no other, and no point."""
    return all(math.dist(place, disc) >= _DISC for disc in discs) and all(math.dist(place, one) >= _DISC for one in points)


def _number_points(figure: Figure, axes: Axes, variants: list[dict[str, Any]], places: list[tuple[float, float]]) -> None:
    """Draw a disc with a number at each point, or tied to it by a line, and list the names at the right."""
    style = {"marker": "o", "color": BLUE, "linestyle": "", "markersize": _DISC, "markeredgecolor": "white"}
    handles = []
    for number, (variant, (beside, above)) in enumerate(zip(variants, places, strict=True), start=1):
        point, shift = (variant["time"], variant["accuracy"]), {"xytext": (beside, above), "textcoords": "offset points"}
        moved = axes.transData + ScaledTranslation(beside / 72, above / 72, figure.dpi_scale_trans)
        axes.annotate("", point, **shift, arrowprops={"arrowstyle": "-", "color": BLUE, "shrinkA": 0, "shrinkB": 0}, zorder=3)
        axes.add_line(Line2D([point[0]], [point[1]], transform=moved, zorder=4, **style))
        axes.annotate(str(number), point, **shift, ha="center", va="center_baseline", fontsize=SMALL_SIZE - 1, color="white",
                      zorder=5)
        size = 5 + 1.5 * len(str(number))
        glyph = Line2D([], [], marker=f"${number}$", linestyle="", color="white", markersize=size, markeredgewidth=0)
        handles.append((Line2D([], [], **style), glyph))
    names = [wrap_name(variant["name"], _NAME_LENGTH, max_lines=2) for variant in variants]
    longest = max(len(line) for name in names for line in name.split("\n"))
    figure.set_figwidth(_WIDTH + (_LETTER * longest + 3 * _DISC) / 72)
    figure.legend(handles=handles, labels=names, loc="outside right upper", frameon=False, fontsize=SMALL_SIZE, handlelength=1)
