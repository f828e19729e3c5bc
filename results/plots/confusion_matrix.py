"""The confusion matrix, legible with three classes and with two hundred."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle

from results.confusions import NUM_PAIRS, answered_for_many, most_confused
from results.plots.share_formatter import ShareFormatter
from results.plots.style import (
    GREY,
    RIGHT,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    WRONG,
    new_figure,
    save_figure,
    wrap_name,
)
from results.run_words import share_text

_MOST_ANNOTATED = 20  # classes up to which every cell shows its number
_MOST_NAMED = 60  # classes up to which the axes of the large matrix name every class
_MOST_ORDERED_WELL = 400  # classes up to which the best order of the tree's leaves is worth its time
_OVERVIEW_INCHES = 9.8
_PAIRS_INCHES = 5.0
_SCALE_INCHES = 0.16  # across a bar of colours
_SCALES_INCHES = 1.7  # for two upright ones with their words
_PAIR_SIZE = 9.5
_LONGEST_NAME = 54  # letters of a class at the side


def plot_confusion_matrix(matrix: np.ndarray, class_names: Sequence[str], path: Path | str, *, about: str) -> None:
    """Draw how many pictures of the row's class were taken for the column's class, coloured by share of the row.

    Right answers are blue, mistakes orange. Up to 20 classes every cell shows its number. With more, the classes are
    put in an order in which those that are confused stand together, and the pairs with most mistakes are named at the
    side, each in its worse direction, with the mistakes in the other one ("back"). A class that took over a third of
    the pictures of five others or more is named once, with their number, instead of in as many pairs.

    Args:
        matrix: counts, integers [C, C]; a class without pictures is an empty row.
        class_names: C names.
        path: the PNG file.
        about: which pictures these are, "test pictures of cifar10".

    Raises:
        ValueError: `matrix` is not [C, C].
    """
    matrix = np.asarray(matrix)
    if matrix.shape != (len(class_names), len(class_names)):
        raise ValueError(f"`matrix` must be [{len(class_names)}, {len(class_names)}]. Received: {matrix.shape}.")
    draw = _draw_cells if len(class_names) <= _MOST_ANNOTATED else _draw_overview
    save_figure(draw(matrix, class_names, _title(matrix, about)), path)


def _shares(matrix: np.ndarray) -> np.ndarray:
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


def _title(matrix: np.ndarray, about: str) -> str:
    right, total = int(np.trace(matrix)), int(matrix.sum())
    return f"{100 * right / max(total, 1):.1f} % right: {right:,} of {total:,}\n{wrap_name(about, 40, max_lines=2)}"


def _draw_colours(axes: Axes, shares: np.ndarray, *, worst: float) -> None:
    diagonal = np.eye(len(shares), dtype=bool)
    # Pictures, not meshes: one rectangle per cell without seams. The mistakes get the whole range of their colours.
    axes.imshow(
        np.ma.array(shares, mask=diagonal), cmap=WRONG, vmin=0, vmax=worst, interpolation="nearest", aspect="auto"
    )
    axes.imshow(np.ma.array(shares, mask=~diagonal), cmap=RIGHT, vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    axes.set_xlabel("answered class", fontsize=TEXT_SIZE)
    axes.set_ylabel("true class", fontsize=TEXT_SIZE, labelpad=8)


def _name_axes(axes: Axes, names: Sequence[str], *, size: float, rotation: int) -> None:
    axes.set_xticks(range(len(names)), names, rotation=rotation, fontsize=size, parse_math=False)
    axes.set_yticks(range(len(names)), names, fontsize=size, parse_math=False)
    axes.tick_params(length=0)


def _draw_cells(matrix: np.ndarray, class_names: Sequence[str], title: str) -> Figure:
    count, shares = len(class_names), _shares(matrix)
    cell = 1.1 if count <= 5 else 0.72 if count <= 12 else 0.52
    names = [wrap_name(name, 26, max_lines=3 if count <= 12 else 2) for name in class_names]
    longest = max(len(line) for name in names for line in name.split("\n"))
    level = longest * 0.085 < cell
    label = 0.085 * longest + 0.5
    figure = new_figure(max(cell * count + label, 4.0) + _SCALES_INCHES, cell * count + (0.6 if level else label) + 0.75)
    axes = figure.subplots()
    _draw_colours(axes, shares, worst=1.0)
    _name_axes(axes, names, size=9, rotation=0 if level else 90)
    axes.set_xticks(np.arange(count - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(count - 1) + 0.5, minor=True)
    axes.grid(which="minor", color="#D9D9D9", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    axes.spines[:].set_color("#D9D9D9")
    for row, column in np.argwhere(matrix):
        share = f"\n{share_text(shares[row, column], 0)}" if count <= 12 else ""
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{matrix[row, column]}{share}", ha="center", va="center", fontsize=9, color=colour)
    _draw_scales(figure, axes, worst=1.0, location="right", length=cell * count)
    figure.suptitle(title, fontsize=TITLE_SIZE, fontweight="bold")
    return figure


def _draw_overview(matrix: np.ndarray, class_names: Sequence[str], title: str) -> Figure:
    order = _order_by_confusion(_shares(matrix))
    matrix, names = matrix[np.ix_(order, order)], [class_names[index] for index in order]
    shares = _shares(matrix)
    mistakes = np.where(np.eye(len(matrix), dtype=bool), 0, matrix)
    worst = max(float((shares * (mistakes > 0)).max()), 0.05)
    figure = new_figure(_OVERVIEW_INCHES + _PAIRS_INCHES + 0.4, _OVERVIEW_INCHES + 1.3)
    axes, side = figure.subplots(1, 2, width_ratios=[_OVERVIEW_INCHES, _PAIRS_INCHES])
    _draw_colours(axes, shares, worst=worst)
    if len(names) <= _MOST_NAMED:
        _name_axes(axes, [_short(name, 28) for name in names], size=7, rotation=90)
    else:
        axes.set(xticks=[], yticks=[])
        axes.set_xlabel("answered class, in the same order", fontsize=TEXT_SIZE)
        axes.set_ylabel(f"true class: {len(names)} classes, those that are confused stand together", fontsize=TEXT_SIZE)
    axes.spines[:].set_color("#BFBFBF")
    axes.set_title(title, loc="left", fontsize=TITLE_SIZE, fontweight="bold")
    _draw_scales(figure, axes, worst=worst, location="bottom", length=_OVERVIEW_INCHES)
    _name_worst_pairs(axes, side, matrix, names)
    return figure


def _short(name: str, length: int) -> str:
    return name if len(name) <= length else f"{name[: length - 1]}…"


def _order_by_confusion(shares: np.ndarray) -> np.ndarray:
    """Return an order of the classes in which those that are often confused stand together."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    distances = 1 - (shares + shares.T) / 2
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average", optimal_ordering=len(shares) <= _MOST_ORDERED_WELL)
    return leaves_list(tree)


def _draw_scales(figure: Figure, axes: Axes, *, worst: float, location: str, length: float) -> None:
    """Draw what the colours of mistakes, up to `worst`, and of right answers mean, in two bars of `length` inches."""
    place = {"location": location, "fraction": _SCALE_INCHES / length, "aspect": length / _SCALE_INCHES, "pad": 0.1 / length}
    labels = (WRONG, worst, "mistakes: share of the true class"), (RIGHT, 1.0, "right: share of the true class")
    for colours, top, label in labels:
        scale = ScalarMappable(Normalize(0, top), colours)
        bar = figure.colorbar(scale, ax=axes, format=ShareFormatter(), **place)
        bar.ax.tick_params(labelsize=SMALL_SIZE)
        bar.set_label(label, fontsize=SMALL_SIZE)


def _name_worst_pairs(axes: Axes, side: Axes, matrix: np.ndarray, names: Sequence[str]) -> None:
    count = len(names)
    lines = sorted(_lines_about_columns(matrix, names))
    columns = {column for _, column, _ in lines}
    pairs = _lines_about_pairs(matrix, names, without=columns)
    axes.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5))
    for row, column, _ in pairs:
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor="none", edgecolor="black", linewidth=0.6))
    lines = sorted([*lines, *pairs])
    side.set(xlim=(0, 1), ylim=axes.get_ylim())
    side.set_axis_off()
    nothing = "No pair confused twice" if np.trace(matrix) < matrix.sum() else "No mistakes"
    title = "Most confused: true → answered" if lines else nothing
    side.set_title(title, loc="left", fontsize=TITLE_SIZE, fontweight="bold", x=0.09)
    heights = _spread([row for row, _, _ in lines], gap=count / (NUM_PAIRS + 0.5), end=count - 0.5)
    for (row, column, text), height in zip(lines, heights):
        axes.plot([column + 0.5, count - 0.5], [row, row], color=GREY, linewidth=0.5, alpha=0.45)
        edge, label = (count - 0.5, row), (0.08, height)
        line = {"coordsA": axes.transData, "coordsB": side.transData, "color": GREY, "linewidth": 0.6, "alpha": 0.7}
        side.figure.add_artist(ConnectionPatch(edge, label, **line))
        side.text(0.09, height, text, fontsize=_PAIR_SIZE, va="center", linespacing=1.2, parse_math=False)


def _lines_about_columns(matrix: np.ndarray, names: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return row, column and words about each class that is answered for many; the row is the middle one of these."""
    places, lines = {name: place for place, name in enumerate(names)}, []
    for one in answered_for_many(matrix, names)[:NUM_PAIRS]:
        rows = sorted(places[name] for name in one["true"])
        text = (f"{one['count']} of {one['total']}  {len(rows)} classes, over a third of each\n"
                f"→ {_short(one['predicted'], _LONGEST_NAME)}")
        lines.append((rows[len(rows) // 2], places[one["predicted"]], text))
    return lines


def _lines_about_pairs(matrix: np.ndarray, names: Sequence[str], *, without: Collection[int]) -> list[tuple[int, int, str]]:
    """Return row, column and words about the most confused pairs, `without` these columns, which have words of their own.

    Pairs confused only once are named where all of them have room: some of them would be no more than chance.
    """
    totals, room = matrix.sum(axis=1), NUM_PAIRS - len(without)
    rest = matrix.copy()
    rest[:, list(without)] = 0
    rest[np.diag_indices_from(rest)] += totals - rest.sum(axis=1)  # shares are still of all pictures of a class
    pairs = most_confused(rest, names, num_pairs=room + 1)
    if len(pairs) > room:
        pairs = [pair for pair in pairs[:room] if pair["count"] + pair["back"] > 1]
    places, lines = {name: place for place, name in enumerate(names)}, []
    for pair in pairs:
        row, column = places[pair["true"]], places[pair["predicted"]]
        back = f"  (back {matrix[column, row]} of {totals[column]})" if matrix[column, row] else ""
        text = (f"{pair['count']} of {totals[row]}  {_short(names[row], _LONGEST_NAME)}\n"
                f"→ {_short(names[column], _LONGEST_NAME)}{back}")
        lines.append((row, column, text))
    return lines


def _spread(positions: Sequence[float], *, gap: float, end: float) -> list[float]:
    """Move sorted positions apart until neighbours are at least `gap` from each other, between -0.5 and `end`."""
    placed: list[float] = []
    for position in positions:
        placed.append(max(position, placed[-1] + gap if placed else gap / 2 - 0.5))
    limit = end - gap / 2
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - gap
    return placed
