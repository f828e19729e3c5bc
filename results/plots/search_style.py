"""What all plots of a search share: the look of states, and axes that show the good trials, not the disasters."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

from results.plots.share_formatter import ShareFormatter
from results.plots.style import BLUE, GREEN, GREY, ORANGE, SMALL_SIZE, TEXT_SIZE, limits_of_shares
from results.search_dimension import SearchDimension
from results.search_record import SearchRecord
from results.search_trial import SearchTrial
from results.search_words import figure_name, is_share

PURPLE, PALE, GOLD = "#A3548A", "#8FA3B0", "#C68A00"  # also to be told apart with light and dark turned around
LOOKS: dict[str, dict[str, Any]] = {
    "completed": {"marker": "o", "color": BLUE},
    "pruned": {"marker": "v", "color": PALE},
    "failed": {"marker": "X", "color": ORANGE},
    "infeasible": {"marker": "s", "color": PURPLE},
    "running": {"marker": ">", "color": GREY},
    "default": {"marker": "D", "color": GREEN},
    "best": {"marker": "*", "color": GOLD},
}
_EDGE = {"markeredgecolor": "white", "markeredgewidth": 0.6}
_BEST_EDGE = {"markeredgecolor": "black", "markeredgewidth": 0.8}
_NARROW = 20  # of high to low, up to which 1, 2 and 5 have room on a logarithmic axis
_PLAIN_FROM = 1e-3  # smaller numbers are written as powers of ten
_SPREADS_SHOWN = 4.0  # of the distance between the best trial and the one in the middle


def value_limits(record: SearchRecord) -> tuple[float, float]:
    """Return the lower and the upper end of an axis of values: the best trial, the default and all but the disasters."""
    losses = np.sort([record.loss(trial.value) for trial in record.valued])
    if not losses.size:
        return 0.0, 1.0
    reach = losses[0] + _SPREADS_SHOWN * (np.median(losses) - losses[0])
    if record.default and record.is_valued(record.default):
        reach = max(reach, record.loss(record.default.value))
    worst = losses[losses <= reach].max()
    margin = 0.06 * (worst - losses[0]) or 0.05 * abs(worst) or 1.0
    ends = sorted((float(record.loss(losses[0] - margin)), float(record.loss(worst + margin))))
    return possible_limits(record, *ends)


def possible_limits(record: SearchRecord, low: float, high: float) -> tuple[float, float]:
    """Return the ends of an axis without values that the monitored figure cannot have."""
    return limits_of_shares(low, high) if is_share(record.monitor) else (low, high)


def style_values(axes: Axes, record: SearchRecord, *, which: str = "y") -> None:
    """Set limits, format and label of the axis of values."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    (axes.set_ylim if which == "y" else axes.set_xlim)(*value_limits(record))
    if is_share(record.monitor):
        axis.set_major_formatter(ShareFormatter())
    axis.set_label_text(value_label(record), fontsize=TEXT_SIZE)


def value_label(record: SearchRecord) -> str:
    """Return what the values are, and which are better."""
    return f"{figure_name(record.monitor)}, {'higher' if record.maximise else 'lower'} is better"


def plot_trials(axes: Axes, record: SearchRecord, placed: Iterable[tuple[float, SearchTrial]], *, size: float) -> None:
    """Draw trials that have a value, given with their x; those beyond the scale stand at its edge as triangles."""
    points: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    low, high = value_limits(record)
    for x, trial in placed:
        group = points.setdefault((look_of(record, trial), low <= trial.value <= high), [])
        group.append((x, min(max(trial.value, low), high)))
    for (look, is_inside), pairs in points.items():
        if is_inside:
            plot_look(axes, *zip(*pairs), look=look, size=size)
        else:
            beyond = {"marker": _beyond_marker(record), "color": LOOKS[look]["color"], "markersize": 0.75 * size}
            axes.plot(*zip(*pairs), linestyle="", clip_on=False, **beyond)


def _beyond_marker(record: SearchRecord) -> str:
    return "v" if record.maximise else "^"


def plot_look(axes: Axes, x: Sequence[float], y: Sequence[float], *, look: str, size: float) -> None:
    """Draw points that look as their state, the default or the best does."""
    edge = _BEST_EDGE if look == "best" else _EDGE
    size = size * {"best": 2.2, "default": 1.15}.get(look, 1.0)
    zorder = 3 + {"best": 3, "default": 2, "completed": 1}.get(look, 0)
    style = {"linestyle": "", "markersize": size, "zorder": zorder, "clip_on": False}
    axes.plot(x, y, **LOOKS[look], **edge, **style)


def draw_legend(figure: Figure, record: SearchRecord, trials: Iterable[SearchTrial]) -> None:
    """Explain the looks that occur among `trials`, and the triangles of those beyond the scale, above all axes."""
    trials = list(trials)
    found = {look_of(record, trial) for trial in trials}
    entries = [_entry(look, **LOOKS[look], **(_BEST_EDGE if look == "best" else _EDGE)) for look in LOOKS if look in found]
    low, high = value_limits(record)
    beyond = sum(record.is_valued(trial) and not low <= trial.value <= high for trial in trials)
    if beyond:
        entries.append(_entry(f"{beyond} worse than the scale shows", marker=_beyond_marker(record), color=GREY))
    length = sum(0.085 * len(entry.get_label()) + 0.45 for entry in entries)  # inches
    columns = len(entries) if length <= figure.get_figwidth() else 4
    place = {"loc": "outside upper left", "ncols": columns, "handletextpad": 0.2, "columnspacing": 1.4}
    figure.legend(handles=entries, **place, frameon=False, fontsize=TEXT_SIZE)


def _entry(label: str, **look: Any) -> Line2D:
    return Line2D([], [], linestyle="", markersize=11 if label == "best" else 7, label=label, **look)


def look_of(record: SearchRecord, trial: SearchTrial) -> str:
    """Return the look of a trial: the best, the default, or its state."""
    return "best" if trial is record.best else "default" if trial is record.default else trial.state


def style_dimension(axes: Axes, dimension: SearchDimension) -> None:
    """Set scale and limits of the x axis to the range of a dimension, or name its choices."""
    if dimension.kind == "categorical":
        labels = [label if len(label) <= 12 else f"{label[:11]}…" for label in dimension.labels]
        crowded = sum(map(len, labels)) + 2 * len(labels) > 34
        rotation = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
        axes.set_xticks(range(len(labels)), labels, fontsize=SMALL_SIZE, parse_math=False, **rotation)
        axes.set_xlim(-0.5, len(labels) - 0.5)
        return
    low, high = dimension.low, dimension.high
    if dimension.log:
        axes.set_xscale("log")
        margin = (high / low) ** 0.04 if high > low else 2.0
        axes.set_xlim(low / margin, high * margin)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high / low <= _NARROW else (1.0,)))
        if low >= _PLAIN_FROM:
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    else:
        margin = 0.04 * (high - low) or 0.5
        axes.set_xlim(low - margin, high + margin)
