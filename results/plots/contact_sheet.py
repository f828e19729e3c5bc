"""Pictures of every class on one sheet, with their boxes drawn."""

import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from results.data_record import SheetCell
from results.plots.style import ORANGE, SMALL_SIZE, new_figure, save_figure, wrap_name

_CELL_INCHES, _LINE_INCHES = 1.35, 0.12
_SHAPE = 4 / 3  # width to height of a cell; pictures keep their own shape inside it
_CHARACTERS_PER_INCH = 14.5


def plot_contact_sheet(cells: Sequence[SheetCell], path: Path | str, *, columns: int) -> None:
    """Draw pictures in rows, the name of a class above its first picture.

    Args:
        cells: pictures of one class stand together.
        path: the PNG file.
        columns: pictures side by side.
    """
    groups = [len(list(group)) for _, group in groupby(cells, key=lambda cell: cell.class_name)]
    places = _places(groups, columns)
    rows = max(row for row, _ in places) + 1
    lines = 1 if max(groups) > 1 else 3
    caption = _LINE_INCHES * lines + 0.08
    height = _CELL_INCHES / _SHAPE + caption
    figure = new_figure(columns * _CELL_INCHES, rows * height)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, columns * _CELL_INCHES), ylim=(rows * height, 0))
    axes.set_axis_off()
    before = None
    for cell, (row, column) in zip(cells, places, strict=True):
        bottom = row * height + caption
        if cell.class_name != before:
            width = _CELL_INCHES * (1 if lines > 1 else columns)
            _draw_caption(axes, wrap_name(cell.class_name, int(width * _CHARACTERS_PER_INCH), max_lines=lines),
                          (column * _CELL_INCHES, bottom))
        before = cell.class_name
        _draw_picture(axes, cell, (column * _CELL_INCHES, bottom))
    save_figure(figure, path)


def _places(groups: Sequence[int], columns: int) -> list[tuple[int, int]]:
    """Row and column of each cell: a class begins a row of its own, unless classes have only one picture."""
    if max(groups) == 1:
        return [divmod(number, columns) for number in range(len(groups))]
    places, row = [], 0
    for count in groups:
        places += [(row + number // columns, number % columns) for number in range(count)]
        row += math.ceil(count / columns)
    return places


def _draw_caption(axes: Axes, text: str, corner: tuple[float, float]) -> None:
    axes.text(corner[0] + 0.04, corner[1] - 0.04, text, fontsize=SMALL_SIZE - 2, va="bottom", ha="left", linespacing=1.05,
              parse_math=False)


def _draw_picture(axes: Axes, cell: SheetCell, corner: tuple[float, float]) -> None:
    room_x, room_y = _CELL_INCHES - 0.08, _CELL_INCHES / _SHAPE - 0.06
    height, width = cell.picture.shape[:2]
    scale = min(room_x / width, room_y / height)
    left = corner[0] + 0.04 + (room_x - scale * width) / 2
    top = corner[1] + (room_y - scale * height) / 2
    extent = (left, left + scale * width, top + scale * height, top)
    axes.imshow(cell.picture, extent=extent, aspect="auto", interpolation="antialiased")
    if cell.box is not None:
        x_min, y_min, x_max, y_max = np.asarray(cell.box) * scale
        axes.add_patch(Rectangle((left + x_min, top + y_min), x_max - x_min, y_max - y_min, fill=False, edgecolor=ORANGE,
                                 linewidth=1.2))
