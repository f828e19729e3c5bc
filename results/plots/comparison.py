"""Variants side by side: accuracy with interval and seeds, and accuracy against time."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, PercentFormatter

from results.plots.style import (
    BLUE,
    GREEN,
    GREY,
    LIGHT_BLUE,
    ORANGE,
    SMALL_SIZE,
    TEXT_SIZE,
    new_figure,
    save_figure,
    style_axes,
    wrap_name,
)
from results.published_table import elsewhere, figures_of

_ROW, _WIDTH, _PANEL = 0.42, 8.6, 3.4  # inches: height of a row, width of the axes, and of what was published elsewhere
_MARKERS = "Ds^vo"
_COLUMNS_OF_LEGEND = 6
_NAME_LENGTH = 30
_RATIO_OF_TIMES = 5.0  # slowest to fastest, above which the axis is logarithmic
_FAR = 1.2  # spans of what was measured: a published figure farther away is named at the edge
_ROOM, _ROOM_TO_NAME = 0.05, 0.15  # of the span of what is shown: at its ends, and where such a figure is named
_LETTER = 5.2  # points that a letter is wide, about
_FEW = 6  # variants whose names find room beside their points


def plot_accuracies(content: dict[str, Any], path: Path | str) -> None:
    """Draw a line per variant: its mean test accuracy, the 95 % interval, a dot per seed, and what others published.

    What they measured on other data, or with another model, has axes of its own: the change from their own baseline.
    """
    variants = content["variants"]
    others = [name for name in elsewhere(content) if sum(name in figures_of(one)["accuracy"] for one in variants) > 1]
    figure = new_figure(_WIDTH + (_PANEL if others else 0), 1.7 + _ROW * len(variants))
    axes, *panels = figure.subplots(1, 2, width_ratios=[_WIDTH, _PANEL], squeeze=False)[0] if others else [figure.subplots()]
    different = {one["variant"] for one in content["differences"] if one["distinguishable"]}
    axes.axvline(variants[0]["accuracy"], color=GREY, linestyle=(0, (4, 3)), linewidth=1, zorder=1)
    shown = _shown_range(variants)
    axes.set_xlim(*shown)
    for place, variant in enumerate(variants):
        _draw_published(axes, place, variant["published"], shown)
        _draw_variant(axes, place, variant, colour=ORANGE if variant["name"] in different else BLUE)
    axes.set_yticks(range(len(variants)), [wrap_name(one["name"], _NAME_LENGTH, max_lines=2) for one in variants])
    axes.set_ylim(len(variants) - 0.5, -0.5)
    style_axes(axes, content["title"])
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0, labelsize=TEXT_SIZE)
    _style_share(axes)
    axes.set_xlabel(f"test accuracy, {content['num_pictures']:,} pictures of {content['data']}", fontsize=TEXT_SIZE)
    entries = _explained(axes, variants, different)
    for panel in panels:
        entries += _draw_elsewhere(panel, variants, others)
    figure.legend(handles=entries, loc="outside lower center", ncols=_COLUMNS_OF_LEGEND, frameon=False, fontsize=SMALL_SIZE)
    save_figure(figure, path)


def plot_time(content: dict[str, Any], path: Path | str) -> None:
    """Draw mean test accuracy with its interval against the mean wall-clock time of a training."""
    variants = content["variants"]
    figure = new_figure(_WIDTH, max(4.6, 0.25 * len(variants)))
    axes = figure.subplots()
    for variant in variants:
        seconds, mean = variant["seconds"], variant["accuracy"]
        axes.vlines(seconds, variant["accuracy_low"], variant["accuracy_high"], color=LIGHT_BLUE, linewidth=2.2, zorder=2)
        axes.plot(seconds, mean, "o", color=BLUE, markersize=7, zorder=3, markeredgecolor="white")
    times = [variant["seconds"] for variant in variants]
    axes.margins(x=0.18, y=0.12)
    if max(times) > _RATIO_OF_TIMES * min(times):
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_xlim(0, 1.25 * max(times))
    _name_points(figure, axes, variants)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: _tick(seconds)))
    style_axes(axes, "Accuracy and time of a training")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_ylabel("test accuracy, 95 % interval", fontsize=TEXT_SIZE)
    axes.set_xlabel("wall-clock time of one training, mean over seeds, without the features of a frozen backbone",
                    fontsize=TEXT_SIZE)
    save_figure(figure, path)


def _draw_variant(axes: Axes, place: int, variant: dict[str, Any], *, colour: str) -> None:
    axes.hlines(place, variant["accuracy_low"], variant["accuracy_high"], color=colour, linewidth=2.4, alpha=0.45, zorder=2)
    seeds = [member["accuracy"] for member in variant["members"]]
    axes.plot(seeds, [place] * len(seeds), "o", color=colour, markersize=4.5, markerfacecolor="white", zorder=3)
    axes.plot(variant["accuracy"], place, "|", color=colour, markersize=17, markeredgewidth=2.6, zorder=4)
    axes.annotate(
        f"{100 * variant['accuracy']:.1f} %", (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
        textcoords="offset points", va="center", fontsize=TEXT_SIZE, color=colour, annotation_clip=False,
    )


def _shown_range(variants: list[dict[str, Any]]) -> tuple[float, float]:
    """The ends of the axis, shares: there is room for all that was measured, and for what was published near it."""
    measured = [share for one in variants
                for share in (one["accuracy_low"], one["accuracy_high"], *(member["accuracy"] for member in one["members"]))]
    low, high = min(measured), max(measured)
    far = _FAR * max(high - low, 0.01)
    published = [one["published"] / 100 for one in variants if one["published"] is not None]
    near = [share for share in published if low - far <= share <= high + far]
    low, high = min([low, *near]), max([high, *near])
    room = (_ROOM if near == published else _ROOM_TO_NAME) * max(high - low, 0.01)
    return max(low - room, 0.0), min(high + room, 1.0)


def _draw_published(axes: Axes, place: int, published: float | None, shown: tuple[float, float]) -> None:
    """A diamond; far away it would press all intervals into a corner, so there an arrow at the edge says where it is."""
    if published is None:
        return
    share = published / 100
    if shown[0] <= share <= shown[1]:
        axes.plot(share, place, "D", color=GREEN, markersize=6, zorder=4, clip_on=False)
        return
    low = share < shown[0]
    axes.annotate(f"◀ {published:g} %" if low else f"{published:g} % ▶", (shown[0] if low else shown[1], place),
                  xytext=(3 if low else -3, 0), textcoords="offset points", ha="left" if low else "right", va="center",
                  fontsize=SMALL_SIZE, color=GREEN)


def _draw_elsewhere(axes: Axes, variants: list[dict[str, Any]], data: list[str]) -> list[Line2D]:
    """Draw the change that others found from their baseline, in points, a marker for each of their data; return the legend."""
    axes.axvline(0, color=GREY, linestyle=(0, (4, 3)), linewidth=1, zorder=1)
    entries = []
    for name, marker, colour in zip(data, itertools.cycle(_MARKERS), itertools.cycle((GREEN, GREY, "black"))):
        found = {place: figures_of(variant)["accuracy"].get(name) for place, variant in enumerate(variants)}
        places = [place for place, value in found.items() if value is not None and found[0] is not None]
        style = {"color": colour, "linestyle": "", "markersize": 6.5, "markerfacecolor": "white", "markeredgewidth": 1.6}
        entries += axes.plot([found[place] - found[0] for place in places], places, marker, label=f"published, {name}",
                             zorder=3, **style)
        if len(data) == 1:
            for place in places:
                axes.annotate(f"{found[place]:g} %", (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
                              textcoords="offset points", va="center", fontsize=SMALL_SIZE, color=colour,
                              annotation_clip=False)
    style_axes(axes, "Published elsewhere")
    axes.set_yticks(range(len(variants)), [""] * len(variants))
    axes.set_ylim(len(variants) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.15)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.set_xlabel("points from its own baseline", fontsize=TEXT_SIZE)
    return entries


def _explained(axes: Axes, variants: list[dict[str, Any]], different: set[str]) -> list[Line2D]:
    """Return the legend of what is drawn of each variant."""
    entries = [
        axes.plot([], [], "|", color=BLUE, markersize=12, markeredgewidth=2.4, label="mean")[0],
        axes.plot([], [], color=BLUE, alpha=0.45, linewidth=2.4, label="95 % interval")[0],
        axes.plot([], [], "o", color=BLUE, markerfacecolor="white", markersize=4.5, label="one seed")[0],
    ]
    if different:
        entries.append(axes.plot([], [], "|", color=ORANGE, markersize=12, markeredgewidth=2.4,
                                 label="differs from the baseline")[0])
    if any(variant["published"] is not None for variant in variants):
        entries.append(axes.plot([], [], "D", color=GREEN, linestyle="", markersize=6, label="published")[0])
    entries.append(axes.plot([], [], color=GREY, linestyle=(0, (4, 3)), linewidth=1, label="baseline")[0])
    return entries


def _style_share(axes: Axes) -> None:
    low, high = axes.get_xlim()
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0 if high - low > 0.05 else 1))


def _name_points(figure: Figure, axes: Axes, variants: list[dict[str, Any]]) -> None:
    """Short names stand beside the points of few variants; else numbers, and a list of names."""
    few = len(variants) <= _FEW and max(len(variant["name"]) for variant in variants) <= _NAME_LENGTH
    if not few:
        _number_points(figure, axes, variants)
        return
    labels = [wrap_name(one["name"], _NAME_LENGTH, max_lines=1) for one in variants]
    points = _in_points(figure, axes, [(one["seconds"], one["accuracy"]) for one in variants])
    for variant, label, (side, lift) in zip(variants, labels, place_names(points, [len(label) for label in labels])):
        axes.annotate(
            label, (variant["seconds"], variant["accuracy"]), xytext=(8 * side, lift), textcoords="offset points",
            ha="left" if side > 0 else "right", va="center", fontsize=SMALL_SIZE, parse_math=False,
        )


def _number_points(figure: Figure, axes: Axes, variants: list[dict[str, Any]]) -> None:
    """Write numbers into the points, and list the names; of points that cover each other the later ones are in front."""
    handles = []
    for number, variant in enumerate(variants, start=1):
        place, layer = (variant["seconds"], variant["accuracy"]), 3 + number
        axes.plot(*place, "o", color=BLUE, markersize=13, zorder=layer, markeredgecolor="white")
        style = {"fontsize": SMALL_SIZE - 1, "color": "white", "zorder": layer}
        axes.annotate(str(number), place, ha="center", va="center_baseline", **style)
        name = wrap_name(variant["name"], _NAME_LENGTH, max_lines=2)
        handles.append(Line2D([], [], linestyle="", label=f"{number}  {name}"))
    figure.legend(handles=handles, loc="outside right upper", frameon=False, fontsize=SMALL_SIZE, handlelength=0)


def _in_points(figure: Figure, axes: Axes, places: Sequence[tuple[float, float]]) -> np.ndarray:
    """Places on the axes, in points of 1/72 inch; about, for the axes have not been arranged yet."""
    shares = axes.transAxes.inverted().transform(axes.transData.transform(places))
    return shares * 72 * np.array([_WIDTH - 1.0, figure.get_figheight() - 1.0])


def place_names(points: np.ndarray, lengths: Sequence[int]) -> list[tuple[int, float]]:
    """Return for each point on which side its name finds room, 1 is right and -1 left, and how far above, in points.

    Args:
        points: [N, 2], in points of 1/72 inch.
        lengths: characters of each name.
    """
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    found = []
    for (x, y), length in zip(points, lengths):
        boxes = {}
        for lift, side in itertools.product((0, 11, -11, 22, -22, 33, -33), (1, -1)):
            near, far = x + 6 * side, x + (8 + _LETTER * length) * side
            boxes[side, lift] = (min(near, far), y + lift - 5, max(near, far), y + lift + 5)
        best = min(boxes, key=lambda place: sum(_overlap(boxes[place], other) for other in taken))
        taken.append(boxes[best])
        found.append(best)
    return found


def _overlap(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    width, height = (min(first[end + 2], second[end + 2]) - max(first[end], second[end]) for end in (0, 1))
    return max(width, 0.0) * max(height, 0.0)


def _tick(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:g} s"
    if seconds >= 5400:
        return f"{seconds / 3600:.1f} h"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min" if rest else f"{minutes} min"
