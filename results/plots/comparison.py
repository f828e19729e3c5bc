"""Variants side by side: accuracy with interval and seeds."""

import itertools
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from results.plots.share_formatter import ShareFormatter
from results.plots.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SMALL_SIZE,
    TEXT_SIZE,
    limits_of_shares,
    new_figure,
    save_figure,
    style_axes,
    wrap_name,
)
from results.published_table import elsewhere, figures_of
from results.run_words import share_text

_ROW, _WIDTH, _PANEL = 0.42, 8.6, 3.4  # inches: height of a row, width of the axes, and of what was published elsewhere
_MARKERS = "Ds^vo"
_COLUMNS_OF_LEGEND = 8
_NAME_LENGTH = 30
_FAR = 1.2  # spans of what was measured: a published figure farther away has its mark at the edge
_ROOM = 0.05  # of the span of what is shown, at its ends
_GAP, _COLUMN = 10, 56  # points of 1/72 inch: between the axes and the numbers at the right, and for a column of these


def plot_accuracies(content: dict[str, Any], path: Path | str) -> None:
    """Draw a line per variant: its mean test accuracy, the 95 % interval, a dot per seed, and what others published.

    The mean and what others published stand as numbers in two columns at the right.
    What they measured on other data, or with another model, has axes of its own: the change from their own baseline.
    """
    variants = content["variants"]
    others = [name for name in elsewhere(content) if sum(name in figures_of(one)["accuracy"] for one in variants) > 1]
    width = _WIDTH + _publishes(variants) * _COLUMN / 72
    figure = new_figure(width + (_PANEL if others else 0), 1.7 + _ROW * len(variants))
    axes, *panels = figure.subplots(1, 2, width_ratios=[width, _PANEL], squeeze=False)[0] if others else [figure.subplots()]
    different = {one["variant"] for one in content["differences"] if one["distinguishable"]}
    axes.axvline(variants[0]["accuracy"], color=GREY, linestyle=(0, (4, 3)), linewidth=1, zorder=1)
    shown = _shown_range(variants)
    axes.set_xlim(*shown)
    _head_columns(axes, variants)
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
    entries = _explained(axes, variants, different, shown)
    for panel in panels:
        entries += _draw_elsewhere(panel, variants, others)
    figure.legend(handles=entries, loc="outside lower center", ncols=_COLUMNS_OF_LEGEND, frameon=False, fontsize=SMALL_SIZE,
                  columnspacing=1.2)
    save_figure(figure, path)


def _draw_variant(axes: Axes, place: int, variant: dict[str, Any], *, colour: str) -> None:
    axes.hlines(place, variant["accuracy_low"], variant["accuracy_high"], color=colour, linewidth=2.4, alpha=0.45, zorder=2)
    seeds = [member["accuracy"] for member in variant["members"]]
    axes.plot(seeds, [place] * len(seeds), "o", color=colour, markersize=4.5, markerfacecolor="white", zorder=3,
              clip_on=False)
    axes.plot(variant["accuracy"], place, "|", color=colour, markersize=17, markeredgewidth=2.6, zorder=4, clip_on=False)
    _write(axes, share_text(variant["accuracy"]), place, color=colour, fontsize=TEXT_SIZE)


def _head_columns(axes: Axes, variants: list[dict[str, Any]]) -> None:
    heads = ["mean", "published"] if _publishes(variants) else ["mean"]
    for column, (head, colour) in enumerate(zip(heads, ("black", GREEN))):
        axes.annotate(head, (1, 1), xycoords="axes fraction", xytext=(_GAP + column * _COLUMN, 4), textcoords="offset points",
                      fontsize=SMALL_SIZE, color=colour, annotation_clip=False)


def _write(axes: Axes, text: str, place: int, *, column: int = 0, **style: Any) -> None:
    """Write a number into a column at the right of the axes."""
    axes.annotate(text, (1, place), xycoords=("axes fraction", "data"), xytext=(_GAP + column * _COLUMN, 0),
                  textcoords="offset points", va="center", annotation_clip=False, **style)


def _publishes(variants: list[dict[str, Any]]) -> bool:
    return any(variant["published"] is not None for variant in variants)


def _shown_range(variants: list[dict[str, Any]]) -> tuple[float, float]:
    """The ends of the axis, shares: there is room for all that was measured, and for what was published near it."""
    measured = [share for one in variants
                for share in (one["accuracy_low"], one["accuracy_high"], *(member["accuracy"] for member in one["members"]))]
    low, high = min(measured), max(measured)
    far = _FAR * max(high - low, 0.01)
    published = [one["published"] / 100 for one in variants if one["published"] is not None]
    near = [share for share in published if low - far <= share <= high + far]
    low, high = min([low, *near]), max([high, *near])
    room = _ROOM * max(high - low, 0.01)
    return limits_of_shares(low - room, high + room)


def _draw_published(axes: Axes, place: int, published: float | None, shown: tuple[float, float]) -> None:
    """A diamond; far away it would press all intervals into a corner, so there an arrow at the edge says on which side."""
    if published is None:
        return
    inset = 0.3 * _ROOM * (shown[1] - shown[0])
    share, marker = published / 100, _published_marker(published, shown)
    x = {"<": shown[0] + inset, ">": shown[1] - inset}.get(marker, share)
    axes.plot(x, place, marker, color=GREEN, markersize=6, zorder=4, clip_on=False)
    _write(axes, f"{published:g} %", place, column=1, color=GREEN, fontsize=TEXT_SIZE)


def _published_marker(published: float, shown: tuple[float, float]) -> str:
    return "<" if published / 100 < shown[0] else ">" if published / 100 > shown[1] else "D"


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
                _write(axes, f"{found[place]:g} %", place, color=colour, fontsize=SMALL_SIZE)
    style_axes(axes, "Published elsewhere")
    axes.set_yticks(range(len(variants)), [""] * len(variants))
    axes.set_ylim(len(variants) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.15)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.set_xlabel("points from its own baseline", fontsize=TEXT_SIZE)
    return entries


def _explained(axes: Axes, variants: list[dict[str, Any]], different: set[str], shown: tuple[float, float]) -> list[Line2D]:
    """Return the legend of what is drawn of each variant."""
    entries = [
        axes.plot([], [], "|", color=BLUE, markersize=12, markeredgewidth=2.4, label="mean")[0],
        axes.plot([], [], color=BLUE, alpha=0.45, linewidth=2.4, label="95 % interval")[0],
        axes.plot([], [], "o", color=BLUE, markerfacecolor="white", markersize=4.5, label="one seed")[0],
    ]
    if different:
        entries.append(axes.plot([], [], "|", color=ORANGE, markersize=12, markeredgewidth=2.4,
                                 label="differs from the baseline")[0])
    markers = {_published_marker(one["published"], shown) for one in variants if one["published"] is not None}
    labels = {"published" if marker == "D" else "published, off the axis": marker for marker in sorted(markers, reverse=True)}
    for label, marker in sorted(labels.items()):  # one entry for arrows of both directions
        entries.append(axes.plot([], [], marker, color=GREEN, linestyle="", markersize=6, label=label)[0])
    entries.append(axes.plot([], [], color=GREY, linestyle=(0, (4, 3)), linewidth=1, label="baseline")[0])
    return entries


def _style_share(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(ShareFormatter())
