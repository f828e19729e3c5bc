"""Parallel coordinates: each trial as a line through its hyper-parameters to its value."""

import math
from dataclasses import replace
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, MaxNLocator

from results.plots.search_style import GOLD, value_limits
from results.plots.style import GREEN, SMALL_SIZE, TEXT_SIZE, new_figure, save_figure, style_axes, wrap_name
from results.search_dimension import SearchDimension, setting_text
from results.search_record import SearchRecord
from results.search_trial import SearchTrial
from results.search_words import figure_name, figure_text

_WORST_TO_BEST = LinearSegmentedColormap.from_list(
    "worst to best", [(0, "#E6E9EB"), (0.5, "#CBDCE8"), (0.85, "#7FB2D9"), (0.95, "#0072B2"), (1, "#003B5C")]
)
_UNUSED = -0.13  # height of the place for trials in which a dimension does not count
_SPREAD = 0.7  # of the part of a choice that its lines fill, so that their number can be seen
_LEAST_GRADED = 5  # trials from which colours tell good from poor
_MIDDLING = 0.85  # rank of a trial, as a share
_MOST_CHOICES = 9  # that are named
_MOST_AXES = 8  # dimensions in a row; more would be shrunk on a screen or on paper until nobody can read them
_ROW = 5.0  # inches


def plot_search_parallel(record: SearchRecord, path: Path | str) -> None:
    """Draw the trials that have a value as lines from dimension to dimension; the darker, the better.

    The value stands at the right, better at the top. A dimension that does not count in a trial has its place at the
    bottom. The lines of one choice are spread in the order of their values. More than eight dimensions take several rows,
    each of which ends with the value.

    Args:
        record: one or more dimensions.
        path: the PNG file.
    """
    num_rows = math.ceil(len(record.dimensions) / _MOST_AXES)
    longest = math.ceil(len(record.dimensions) / num_rows)
    figure = new_figure(max(1.0 * (longest + 1) + 0.8, 6.0), 0.6 + _ROW * num_rows)
    for row, axes in enumerate(figure.subplots(num_rows, 1, squeeze=False)[:, 0]):
        shown = record.dimensions[row * longest : (row + 1) * longest]
        _draw_row(axes, replace(record, dimensions=shown), room=longest)
    _draw_legend(figure, record)
    save_figure(figure, path)


def _draw_row(axes: Axes, record: SearchRecord, *, room: int) -> None:
    """Draw the dimensions of `record` and the value; `room`: for how many dimensions there is."""
    count = len(record.dimensions)
    style_axes(axes, "")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    lowest = _UNUSED if any(dimension.conditional for dimension in record.dimensions) else 0.0
    axes.set(xlim=(-0.35, room + 0.75), ylim=(lowest - 0.06, 1.04), yticks=[])
    _draw_lines(axes, record)
    for place, dimension in enumerate(record.dimensions):
        _draw_axis(axes, place, ticks=_ticks(dimension))
        if dimension.conditional:
            _draw_tick(axes, place, height=_UNUSED, text="unused")
    _draw_axis(axes, count, ticks=_value_ticks(record))
    names = [wrap_name(dimension.short_name.replace("_", " "), 12, max_lines=3) for dimension in record.dimensions]
    axes.set_xticks(range(count + 1), [*names, wrap_name(figure_name(record.monitor), 14, max_lines=3)], parse_math=False)
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, top=False, bottom=False, labelsize=TEXT_SIZE)


def _draw_lines(axes: Axes, record: SearchRecord) -> None:
    trials = sorted(record.valued, key=lambda trial: record.loss(trial.value), reverse=True)
    for rank, trial in enumerate(trials):
        goodness = rank / (len(trials) - 1) if len(trials) >= _LEAST_GRADED else _MIDDLING
        heights = [_height(dimension, trial, goodness=goodness) for dimension in record.dimensions]
        heights.append(_value_share(record, trial.value))
        style = {"color": _WORST_TO_BEST(goodness), "linewidth": 0.7 + 0.8 * goodness, "zorder": 2 + goodness}
        if trial is record.best:
            border = [withStroke(linewidth=4, foreground="black")]
            style = {"color": GOLD, "linewidth": 2.6, "zorder": 4, "path_effects": border}
        elif trial is record.default:
            style = {"color": GREEN, "linewidth": 2.2, "linestyle": (0, (4, 2)), "zorder": 3.5}
        # Where a dimension does not count, a thin line only leads the eye to the next.
        axes.plot(heights, color=style["color"], linewidth=0.6, alpha=0.6, zorder=1.5)
        axes.plot([math.nan if height == _UNUSED else height for height in heights], **style)


def _height(dimension: SearchDimension, trial: SearchTrial, *, goodness: float) -> float:
    position = dimension.position_in(trial.values)
    if position is None:
        return _UNUSED
    if dimension.kind == "categorical":
        return position + _SPREAD * (goodness - 0.5) / len(dimension.choices)
    return position


def _value_share(record: SearchRecord, value: float) -> float:
    """Return how high a value stands: 1 at the better end of the scale, 0 at the worse one and beyond."""
    low, high = value_limits(record)
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return share if record.maximise else 1 - share


def _ticks(dimension: SearchDimension) -> list[tuple[float, str]]:
    if dimension.kind == "categorical":
        step = -(-len(dimension.choices) // _MOST_CHOICES)
        choices = list(zip(dimension.choices, dimension.labels))[::step]
        return [(dimension.position(choice), label if len(label) <= 11 else f"{label[:10]}…") for choice, label in choices]
    low, high = dimension.low, dimension.high
    if low == high:
        return [(0.5, setting_text(low))]
    subs = (1.0,) if not dimension.log or high / low > 200 else (1.0, 2.0, 5.0)
    locator = LogLocator(subs=subs) if dimension.log else MaxNLocator(5, integer=dimension.kind == "int")
    values = [value for value in locator.tick_values(low, high) if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
    kind = int if dimension.kind == "int" else float
    return [(dimension.position(kind(value)), setting_text(kind(value))) for value in values]


def _value_ticks(record: SearchRecord) -> list[tuple[float, str]]:
    low, high = value_limits(record)
    values = [value for value in MaxNLocator(6).tick_values(low, high) if low <= value <= high]
    return [(_value_share(record, value), figure_text(record.monitor, float(value))) for value in values]


def _draw_axis(axes: Axes, place: int, *, ticks: list[tuple[float, str]]) -> None:
    axes.plot([place, place], [0, 1], color="black", linewidth=1.0, zorder=5)
    for height, text in ticks:
        _draw_tick(axes, place, height=height, text=text)


def _draw_tick(axes: Axes, place: int, *, height: float, text: str) -> None:
    axes.plot([place, place + 0.05], [height, height], color="black", linewidth=0.8, zorder=5)
    halo = [withStroke(linewidth=3, foreground="white")]
    axes.text(place + 0.08, height, text, fontsize=SMALL_SIZE, va="center", zorder=6, path_effects=halo, parse_math=False)


def _draw_legend(figure: Figure, record: SearchRecord) -> None:
    entries = []
    if len(record.valued) >= _LEAST_GRADED:
        for goodness, label in ((1.0, "good"), (_MIDDLING, "middling"), (0.2, "poor")):
            entries.append(Line2D([], [], color=_WORST_TO_BEST(goodness), linewidth=2, label=label))
    if record.default and record.is_valued(record.default):
        entries.append(Line2D([], [], color=GREEN, linewidth=2.2, linestyle=(0, (4, 2)), label="default"))
    if record.best:
        entries.append(Line2D([], [], color=GOLD, linewidth=3, label=f"best (trial {record.best.number})"))
    missing = len([trial for trial in record.trials if trial.is_finished]) - len(record.valued)
    if missing:
        entries.append(Line2D([], [], linestyle="", label=f"not shown: {missing} without a value"))
    figure.legend(handles=entries, loc="outside lower left", ncols=6, frameon=False, fontsize=TEXT_SIZE)
