"""When each trial ran, and how it ended."""

import math
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from results.plots.search_style import GOLD, LOOKS
from results.plots.style import SMALL_SIZE, TEXT_SIZE, new_figure, save_figure, style_axes
from results.search_record import SearchRecord
from results.search_trial import SearchTrial
from results.search_words import duration_text

_LONGEST_PAUSE = 0.1  # of the time in which trials ran; longer ones are cut out
_TRIALS_PER_ROW = 10  # that run one after the other
_ROW_SECONDS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_UNITS = ((3600, "hours"), (60, "minutes"), (1, "seconds"))
_LEAST_NAMED = 0.028  # share of the width from which a bar can hold its number


def plot_search_timeline(record: SearchRecord, path: Path | str) -> None:
    """Draw a bar per trial, coloured by state, in rows of equal time read like lines of text.

    Trials that ran at once stand above each other within a row. Pauses in which nothing ran are cut out and named.

    Args:
        record: of which at least one trial has a start.
        path: the PNG file.
    """
    trials = sorted((trial for trial in record.trials if trial.start), key=lambda trial: (trial.start, trial.number))
    starts, pauses = _without_pauses(trials)
    lanes = _lanes(starts, [trial.seconds for trial in trials])
    num_lanes = max(lanes) + 1
    end = max(start + trial.seconds for start, trial in zip(starts, trials))
    width = _row_seconds(end, rows=math.ceil(len(trials) / num_lanes / _TRIALS_PER_ROW))
    num_rows = max(math.ceil(end / width), 1)
    figure = new_figure(9.0, 1.9 + num_rows * (0.13 + 0.24 * num_lanes))
    axes = figure.subplots()
    for start, lane, trial in zip(starts, lanes, trials):
        _draw_trial(axes, record, trial=trial, span=(start, start + trial.seconds), width=width, place=(lane, num_lanes))
    for moment, seconds in pauses:
        _draw_pause(axes, moment, seconds=seconds, width=width)
    _style(axes, width=width, num_rows=num_rows)
    _draw_legend(axes, record)
    save_figure(figure, path)


def _without_pauses(trials: list[SearchTrial]) -> tuple[list[float], list[tuple[float, float]]]:
    """Return the start of each trial in seconds on an axis without long pauses; and where these were, with their length."""
    longest = max(_LONGEST_PAUSE * sum(trial.seconds for trial in trials), 1.0)
    starts: list[float] = []
    pauses: list[tuple[float, float]] = []
    cut = busy_until = 0.0
    for trial in trials:
        start = (trial.start - trials[0].start).total_seconds() - cut
        if start - busy_until > longest:
            pauses.append((busy_until, start - busy_until))
            cut += start - busy_until
            start = busy_until
        starts.append(start)
        busy_until = max(busy_until, start + trial.seconds)
    return starts, pauses


def _lanes(starts: list[float], lengths: list[float]) -> list[int]:
    """Return for each trial the first lane that is free when it starts."""
    ends: list[float] = []
    lanes = []
    for start, length in zip(starts, lengths):
        slack = 0.02 * length  # clocks and bookkeeping
        lane = next((lane for lane, end in enumerate(ends) if end <= start + slack), len(ends))
        ends[lane : lane + 1] = [start + length]
        lanes.append(lane)
    return lanes


def _row_seconds(end: float, *, rows: int) -> float:
    return next((seconds for seconds in _ROW_SECONDS if seconds >= end / rows), end / rows)


def _draw_trial(
    axes: Axes, record: SearchRecord, *, trial: SearchTrial, span: tuple[float, float], width: float, place: tuple[int, int]
) -> None:
    """Draw the bar of a trial, in pieces where a row ends, with its number in the longest."""
    lane, num_lanes = place
    colour = GOLD if trial is record.best else LOOKS[trial.state]["color"]
    height = 0.8 / num_lanes
    pieces = []
    for row in range(int(span[0] // width), int(span[1] // width) + 1):
        left, right = max(span[0] - row * width, 0), min(span[1] - row * width, width)
        bottom = row - 0.4 + lane * height
        axes.barh(bottom + height / 2, right - left, height=0.92 * height, left=left, color=colour, edgecolor="white", zorder=3)
        pieces.append((right - left, (left + right) / 2, bottom + height / 2))
    length, x, y = max(pieces)
    if length > _LEAST_NAMED * width:
        ink = "black" if trial is record.best or trial.state == "pruned" else "white"
        axes.text(x, y, str(trial.number), ha="center", va="center_baseline", fontsize=SMALL_SIZE - 1, color=ink, zorder=4)


def _draw_pause(axes: Axes, moment: float, *, seconds: float, width: float) -> None:
    row, x = divmod(moment, width)
    axes.plot([x, x], [row - 0.5, row + 0.5], color="black", linewidth=1.6, zorder=5)
    at_right = x > 0.8 * width
    axes.annotate(
        f"paused {duration_text(seconds)}", (x, row - 0.5), xytext=(0, 0), textcoords="offset points", va="center",
        ha="right" if at_right else "left", fontsize=SMALL_SIZE - 1, zorder=6,
        bbox={"facecolor": "white", "edgecolor": "black", "linewidth": 0.6, "boxstyle": "round,pad=0.2"},
    )  # fmt: skip


def _style(axes: Axes, *, width: float, num_rows: int) -> None:
    style_axes(axes, "Timeline")
    axes.grid(axis="y", visible=False)
    unit, name = next((unit, name) for unit, name in _UNITS if width >= 2 * unit or unit == 1)
    axes.set(xlim=(0, width), ylim=(num_rows - 0.5, -0.5))
    ticks = [width * tick / 4 for tick in range(5)] if width >= 4 else [0, width]
    axes.set_xticks(ticks, [f"{tick / unit:g}" for tick in ticks])
    labels = ["start" if row == 0 else f"+ {_clock(row * width)}" for row in range(num_rows)]
    axes.set_yticks(range(num_rows), labels, fontsize=SMALL_SIZE)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(f"{name} since the start of the row", fontsize=TEXT_SIZE)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _draw_legend(axes: Axes, record: SearchRecord) -> None:
    spent = record.seconds_by_state
    labels = {state: f"{state}: {duration_text(spent[state])}" for state in LOOKS if state in spent}
    entries = [Patch(color=LOOKS[state]["color"], label=label) for state, label in labels.items()]
    if record.best:
        entries.append(Patch(color=GOLD, label=f"best: trial {record.best.number}"))
    axes.figure.legend(handles=entries, loc="outside upper left", ncols=4, frameon=False, fontsize=TEXT_SIZE)
