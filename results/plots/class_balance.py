"""How many pictures each class has, in each split."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from results.plots.style import BLUE, GREEN, GREY, ORANGE, SMALL_SIZE, new_figure, save_figure, style_axes

MAX_NAMED = 320  # more classes are drawn as one line without names
_COLOURS = {"train": BLUE, "validation": GREEN, "test": ORANGE}
_PER_COLUMN = 70
_INCHES_PER_CLASS = 0.19
_NAME_LENGTH = 46


def plot_class_balance(counts: dict[str, np.ndarray], class_names: Sequence[str], path: Path | str) -> None:
    """Draw a bar per class, most frequent first, made up of its splits; or a line where there are too many names to read.

    Args:
        counts: per split the pictures of each class, integers [C].
        class_names: C names.
        path: the PNG file.
    """
    order = np.argsort(-sum(counts.values()), kind="stable")
    if len(order) > MAX_NAMED:
        _plot_line(counts, order, path)
        return
    num_columns = math.ceil(len(order) / _PER_COLUMN)
    rows = math.ceil(len(order) / num_columns)
    figure = new_figure(max(8.0, 4.2 * num_columns), max(1.2, _INCHES_PER_CLASS * rows) + 0.9)
    panels = figure.subplots(1, num_columns, sharex=True, squeeze=False)[0]
    for number, axes in enumerate(panels):
        chosen = order[number * rows : (number + 1) * rows]
        _draw_bars(axes, counts, chosen, names=[_short(class_names[index]) for index in chosen])
        axes.set_ylim(rows - 0.4, -0.6)
    if len(counts) > 1:
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=len(counts), frameon=False,
                      fontsize=SMALL_SIZE)
    save_figure(figure, path)


def _draw_bars(axes: Axes, counts: dict[str, np.ndarray], chosen: np.ndarray, *, names: list[str]) -> None:
    style_axes(axes, "")
    axes.grid(False, axis="y")
    left = np.zeros(len(chosen))
    for split, values in counts.items():
        axes.barh(range(len(chosen)), values[chosen], left=left, color=_COLOURS[split], height=0.72, label=split)
        left += values[chosen]
    axes.set_yticks(range(len(chosen)), names, parse_math=False)
    axes.tick_params(axis="y", length=0, labelsize=SMALL_SIZE - 0.5)
    axes.xaxis.get_major_locator().set_params(integer=True, nbins=5)
    axes.set_xlabel("pictures", fontsize=SMALL_SIZE)


def _short(name: str) -> str:
    """Leave the middle out of a long name: what tells classes apart stands at its ends."""
    name = " ".join(name.split())
    half = _NAME_LENGTH // 2
    return name if len(name) <= _NAME_LENGTH else f"{name[: half - 1].rstrip()}…{name[-half:].lstrip()}"


def _plot_line(counts: dict[str, np.ndarray], order: np.ndarray, path: Path | str) -> None:
    figure = new_figure(9, 3.4)
    axes = figure.subplots()
    style_axes(axes, "")
    for split, values in counts.items():
        axes.plot(values[order], color=_COLOURS[split], linewidth=1.2, label=split)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"{len(order)} classes, most frequent first", fontsize=SMALL_SIZE, color=GREY)
    axes.set_ylabel("pictures", fontsize=SMALL_SIZE)
    if len(counts) > 1:
        axes.legend(frameon=False, fontsize=SMALL_SIZE)
    save_figure(figure, path)
