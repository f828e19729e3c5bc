"""The values of all trials in their order, and the best so far."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from results.plots.search_style import draw_legend, look_of, plot_look, plot_trials, style_values
from results.plots.style import BLUE, GREEN, SMALL_SIZE, TEXT_SIZE, new_figure, save_figure, style_axes
from results.search_record import SearchRecord
from results.search_trial import SearchTrial
from results.search_words import figure_text

_MANY = 80  # trials from which points are drawn smaller


def plot_search_history(record: SearchRecord, path: Path | str) -> None:
    """Draw the value of each trial by its number, the best so far as steps, and the default as a line across.

    Values beyond the scale, which is chosen so that the good trials can be told apart, stand at its edge as triangles;
    finished trials without a value stand in a row below.

    Args:
        record: one or more trials.
        path: the PNG file.
    """
    size = 5 if len(record.trials) > _MANY else 7
    missing = [trial for trial in record.trials if trial.is_finished and not record.is_valued(trial)]
    figure = new_figure(9.0, 5.0)
    axes, *strips = figure.subplots(2, 1, sharex=True, height_ratios=[13, 1]) if missing else [figure.subplots()]
    style_axes(axes, "Value of every trial")
    style_values(axes, record)
    plot_trials(axes, record, [(trial.number, trial) for trial in record.valued], size=size)
    _draw_best_so_far(axes, record)
    for strip in strips:
        _draw_missing(strip, record, missing=missing, size=size)
        axes.tick_params(bottom=False, labelbottom=False)
    lowest = (strips or [axes])[0]
    lowest.set_xlim(-0.6, max(len(record.trials), 2) - 0.4)
    lowest.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True, steps=[1, 2, 5, 10]))
    lowest.set_xlabel("trial", fontsize=TEXT_SIZE)
    draw_legend(figure, record, [trial for trial in record.trials if trial.is_finished])
    save_figure(figure, path)


def _draw_missing(strip: Axes, record: SearchRecord, *, missing: list[SearchTrial], size: float) -> None:
    style_axes(strip, "")
    for trial in missing:
        plot_look(strip, [trial.number], [0], look=look_of(record, trial), size=size)
    strip.set_ylim(-1, 1)
    strip.set_yticks([0], ["no value"], fontsize=SMALL_SIZE)
    strip.tick_params(axis="y", length=0)


def _draw_best_so_far(axes: Axes, record: SearchRecord) -> None:
    if record.default and record.is_valued(record.default):
        axes.axhline(record.default.value, color=GREEN, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    if record.best is None:
        return
    values = [record.loss(trial.value) if trial.state == "completed" and record.is_valued(trial) else np.inf
              for trial in record.trials]  # fmt: skip
    best = np.minimum.accumulate(values)
    started = np.isfinite(best)
    numbers = np.array([trial.number for trial in record.trials])
    steps = [record.loss(value) for value in best[started]]
    axes.step(numbers[started], steps, where="post", color=BLUE, linewidth=1.6, zorder=2)
    plot_look(axes, [record.best.number], [record.best.value], look="best", size=7)
    at_right = record.best.number < 0.75 * len(record.trials)
    axes.annotate(
        f"{figure_text(record.monitor, record.best.value)} (trial {record.best.number})",
        (record.best.number, record.best.value),
        xytext=(9 if at_right else -9, 4 if record.maximise else -4),
        textcoords="offset points", ha="left" if at_right else "right", va="bottom" if record.maximise else "top",
        fontsize=SMALL_SIZE, annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}, zorder=5,
    )  # fmt: skip
