"""Training curves."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogFormatterSciNotation, LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter

from results.plots.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PHASE_TINTS,
    SMALL_SIZE,
    TEXT_SIZE,
    limits_of_shares,
    new_figure,
    save_figure,
    style_axes,
)
from results.running_metrics import METRICS

# Precision and recall count answers of a probability above 0.5, and all classes together: not what the evaluation means.
_TITLES = {"auc": "AUC, all pooled", "top_3_accuracy": "Top-3 accuracy", "top_5_accuracy": "Top-5 accuracy",
           "precision": "Precision, p > 0.5", "recall": "Recall, p > 0.5"}
_NUM_MARKED_EPOCHS = 25  # with more, a marker on every epoch hides the line
_RATES_SHOWN = 1000  # the last rates of a cosine are next to nothing: below this fraction they leave the panel
_LOG_RATIO = 30  # a loss that falls further than this is drawn on a logarithmic axis
_LEAST_SPAN = 0.1  # of an axis of shares, or of the largest loss: chance is not blown up to the height of a panel
_MARGIN = 0.05  # of the span, above and below
_DECADES_RATIO = 100  # of high to low, from which two powers of ten are on a logarithmic axis; below it 1, 2 and 5 are named
_PLAIN = (1e-4, 1e6)  # numbers between these are written plainly


def plot_history(rows: Sequence[dict[str, Any]], path: Path | str, *, best_epoch: int | None = None) -> None:
    """Draw loss, every metric and the learning rate over the epochs, training against validation, as one PNG.

    Args:
        rows: one or more rows as in history.csv; what is None or missing is left out, with its panel if it is empty.
        path: the file.
        best_epoch: the epoch whose model was kept; None for that of the lowest validation loss.

    Raises:
        ValueError: there are no rows.
    """
    if not rows:
        raise ValueError("`rows` must have at least one epoch. Received none.")
    epochs = [row["epoch"] for row in rows]
    best = epochs.index(best_epoch) if best_epoch in epochs else _lowest(_series(rows, "val_loss"))
    names = [name for name in METRICS if np.isfinite([_series(rows, name), _series(rows, f"val_{name}")]).any()]
    columns = min(4, math.ceil((len(names) + 1) / 2))
    lines = math.ceil((len(names) + 1) / columns)
    figure = new_figure(max(3.6 * columns, 7.2), 3.1 * lines + 0.6)
    grid = figure.subplots(lines, columns, squeeze=False).ravel()
    for axes, name in zip(grid, names):
        _draw_metric(axes, rows, name=name, best=best)
    _draw_learning_rate(grid[len(names)], rows, best=best)
    for axes in grid[: len(names) + 1]:
        _draw_epochs(axes, rows, best=best)
    for axes in grid[len(names) + 1 :]:
        axes.set_axis_off()
    _draw_legend(figure, rows, best=best)
    save_figure(figure, path)


def _series(rows: Sequence[dict[str, Any]], name: str) -> np.ndarray:
    values = [row.get(name) for row in rows]
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _lowest(values: np.ndarray) -> int | None:
    return int(np.nanargmin(values)) if np.isfinite(values).any() else None


def _marker(rows: Sequence[dict[str, Any]]) -> str:
    return "o" if len(rows) <= _NUM_MARKED_EPOCHS else ""


def _draw_metric(axes: Axes, rows: Sequence[dict[str, Any]], *, name: str, best: int | None) -> None:
    epochs, validation = _series(rows, "epoch"), _series(rows, f"val_{name}")
    train = _series(rows, name)
    line = {"marker": _marker(rows), "markersize": 3.5, "linewidth": 1.6, "zorder": 3, "clip_on": name == "loss"}
    axes.plot(epochs, train, color=BLUE, **line)
    axes.plot(epochs, validation, color=ORANGE, **line)
    style_axes(axes, _TITLES.get(name, name.capitalize()))
    if best is not None and np.isfinite(validation[best]):
        axes.plot(epochs[best], validation[best], "o", mfc="none", mec=ORANGE, markersize=8, zorder=4, clip_on=False)
        axes.set_title(f"{validation[best]:.3f}", loc="right", fontsize=TEXT_SIZE, color=ORANGE)
    values = np.concatenate([train, validation])
    values = values[np.isfinite(values)]
    if name == "loss":
        _scale_loss(axes, values)
    else:
        axes.set_ylim(*limits_of_shares(*_with_margin(values), least_span=_LEAST_SPAN))


def _with_margin(values: np.ndarray) -> tuple[float, float]:
    margin = _MARGIN * np.ptp(values)
    return values.min() - margin, values.max() + margin


def _scale_loss(axes: Axes, values: np.ndarray) -> None:
    positive = values[values > 0]
    if positive.size and positive.max() > _LOG_RATIO * positive.min():
        margin = (positive.max() / positive.min()) ** _MARGIN
        _scale_log(axes, positive.min() / margin, positive.max() * margin)
    elif values.size:
        low, high = _with_margin(values)
        room = max(_LEAST_SPAN * abs(values).max() - (high - low), 0) / 2
        low = low - room if values.min() < 0 else max(low - room, 0.0)
        axes.set_ylim(low, (high + room) or 1.0)


def _scale_log(axes: Axes, low: float, high: float) -> None:
    """Make a logarithmic axis of the span, at least 5 from high to low, with two or more numbers, all of one notation."""
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0,) if high >= _DECADES_RATIO * low else (1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_formatter(NullFormatter())
    if _PLAIN[0] <= low and high <= _PLAIN[1]:
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    else:
        axes.yaxis.set_major_formatter(LogFormatterSciNotation(minor_thresholds=(math.inf, math.inf)))


def _draw_learning_rate(axes: Axes, rows: Sequence[dict[str, Any]], *, best: int | None) -> None:
    epochs, rates = _series(rows, "epoch"), _series(rows, "learning_rate")
    style_axes(axes, "Learning rate")
    positive = rates[rates > 0]
    if positive.size:
        lowest = max(positive.min(), positive.max() / _RATES_SHOWN)
        margin = 1.5 if positive.max() > 3 * lowest else 2.5
        _scale_log(axes, lowest / margin, positive.max() * margin)
    axes.plot(epochs, np.where(rates > 0, rates, math.nan), color=GREEN, marker=_marker(rows), markersize=3.5)
    if best is not None and rates[best] > 0:
        axes.set_title(f"{rates[best]:.2g}", loc="right", fontsize=TEXT_SIZE, color=GREEN)


def _phases(rows: Sequence[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """Return name, start and end of each phase on the axis of epochs; neighbouring phases touch."""
    phases: list[tuple[str, float, float]] = []
    for row in rows:
        name, epoch = str(row.get("phase") or ""), row["epoch"]
        if phases and phases[-1][0] == name:
            phases[-1] = (name, phases[-1][1], epoch + 0.5)
        else:
            phases.append((name, epoch - 0.5, epoch + 0.5))
    return phases


def _tint(number: int) -> str:
    return PHASE_TINTS[number % len(PHASE_TINTS)]


def epoch_ticks(first: int, last: int) -> list[int]:
    """Return the epochs to be named on an axis: the first, the last and round numbers that leave room between them."""
    if first == last:
        return [last]
    round_numbers = MaxNLocator(nbins=7, integer=True, steps=(1, 2, 5, 10)).tick_values(first, last).astype(int)
    room = 0.6 * (round_numbers[1] - round_numbers[0])
    between = [int(epoch) for epoch in round_numbers if epoch - first >= room and last - epoch >= room]
    return [first, *between, last]


def _draw_epochs(axes: Axes, rows: Sequence[dict[str, Any]], *, best: int | None) -> None:
    phases = _phases(rows)
    for number, (_, start, end) in enumerate(phases):
        axes.axvspan(start, end, color=_tint(number), linewidth=0, zorder=-2)
        if number:
            axes.axvline(start, color=GREY, linewidth=1.0, zorder=1)
    if best is not None:
        axes.axvline(rows[best]["epoch"], color=GREY, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
    axes.set_xlim(phases[0][1], phases[-1][2])
    axes.set_xticks(epoch_ticks(rows[0]["epoch"], rows[-1]["epoch"]))
    axes.set_xlabel("epoch", fontsize=SMALL_SIZE)


def _draw_legend(figure: Figure, rows: Sequence[dict[str, Any]], *, best: int | None) -> None:
    line = {"marker": _marker(rows), "markersize": 4}
    entries = [Line2D([], [], color=BLUE, label="training", **line)]
    if any(row.get(f"val_{name}") is not None for row in rows for name in METRICS):
        entries.append(Line2D([], [], color=ORANGE, label="validation", **line))
    if best is not None:
        label = f"best: epoch {rows[best]['epoch']}, its values at the right"
        marker = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": ORANGE, "markersize": 8}
        entries.append(Line2D([], [], color=GREY, linestyle=(0, (2, 2)), label=label, **marker))
    phases = _phases(rows)
    for number, (name, start, end) in enumerate(phases if len(phases) > 1 else []):
        first, last = math.ceil(start), math.floor(end)
        label = f"phase “{name}”, " + (f"epochs {first}–{last}" if first < last else f"epoch {first}")
        entries.append(Patch(facecolor=_tint(number), edgecolor=GREY, linewidth=0.6, label=label))
    columns = _legend_columns([entry.get_label() for entry in entries], figure.get_figwidth())
    figure.legend(handles=entries, loc="outside upper left", ncols=columns, frameon=False, fontsize=TEXT_SIZE)


def _legend_columns(labels: Sequence[str], width: float) -> int:
    """Return the largest number of columns that fits into `width` inches; a legend is filled column by column."""
    for columns in range(len(labels), 1, -1):
        longest = [max(map(len, column)) for column in np.array_split(labels, columns)]
        if sum(0.085 * length + 0.65 for length in longest) <= width:
            return columns
    return 1
