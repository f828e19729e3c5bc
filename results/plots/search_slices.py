"""The value of the trials over each hyper-parameter by itself."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from results.plots.search_style import draw_legend, plot_trials, style_dimension, style_values
from results.plots.style import GREY, ORANGE, SMALL_SIZE, new_figure, save_figure, style_axes
from results.search_dimension import SearchDimension
from results.search_record import SearchRecord
from results.search_trial import SearchTrial

_GOLDEN = (math.sqrt(5) - 1) / 2
_LEAST_FOR_MEDIAN = 4


def plot_search_slices(record: SearchRecord, path: Path | str) -> None:
    """Draw one panel per dimension with the trials in which it counted; a choice gets its median as a line, too.

    Values beyond the scale stand at its edge as triangles.

    Args:
        record: one or more dimensions.
        path: the PNG file.
    """
    count = len(record.dimensions)
    columns = min(4, count)
    lines = math.ceil(count / columns)
    figure = new_figure(max(3.0 * columns, 5.5), 2.6 * lines + 0.7)
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True).ravel()
    for axes, dimension in zip(grid, record.dimensions):
        _draw_panel(axes, record, dimension=dimension)
    for axes in grid[count:]:
        axes.set_axis_off()
    for place, axes in enumerate(grid[:count]):
        axes.set_ylabel(axes.get_ylabel() if place % columns == 0 else "", fontsize=SMALL_SIZE)
    draw_legend(figure, record, record.valued)
    save_figure(figure, path)


def _draw_panel(axes: Axes, record: SearchRecord, *, dimension: SearchDimension) -> None:
    style_axes(axes, dimension.short_name)
    axes.title.set_fontsize(10)
    style_dimension(axes, dimension)
    style_values(axes, record)
    used = [trial for trial in record.valued if dimension.position_in(trial.values) is not None]
    places = [_place(dimension, trial, spread=_spread(record)) for trial in used]
    if dimension.kind == "categorical":
        _draw_medians(axes, used, dimension=dimension)
    plot_trials(axes, record, zip(places, used), size=5)
    axes.set_title(_remark(record, used, dimension=dimension), loc="right", fontsize=SMALL_SIZE - 1, color=GREY)


def _remark(record: SearchRecord, used: Sequence[SearchTrial], *, dimension: SearchDimension) -> str:
    default = record.default.values.get(dimension.name) if record.default in used else None
    if default is not None and dimension.kind != "categorical" and not dimension.low <= default <= dimension.high:
        return f"default {default:g}: outside"
    return "" if len(used) == len(record.valued) else f"counts in {len(used)} of {len(record.valued)}"


def _spread(record: SearchRecord) -> float:
    return 0.56 * min(1.0, len(record.valued) / 40)


def _place(dimension: SearchDimension, trial: SearchTrial, *, spread: float) -> float:
    """Return where the trial stands on the x axis: its value inside the range; a choice `spread` out so that none hides."""
    value = trial.values[dimension.name]
    if dimension.kind != "categorical":
        return min(max(value, dimension.low), dimension.high)
    return _choice(dimension, trial) + spread * ((trial.number * _GOLDEN) % 1 - 0.5)


def _choice(dimension: SearchDimension, trial: SearchTrial) -> int:
    return int(dimension.position_in(trial.values) * len(dimension.choices))


def _draw_medians(axes: Axes, trials: Sequence[SearchTrial], *, dimension: SearchDimension) -> None:
    for choice in range(len(dimension.choices)):
        values = [trial.value for trial in trials if _choice(dimension, trial) == choice]
        if len(values) >= _LEAST_FOR_MEDIAN:
            axes.hlines(np.median(values), choice - 0.36, choice + 0.36, color=ORANGE, linewidth=2, zorder=5)
