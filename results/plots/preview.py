"""A sheet of what training will see: pictures, transforms, mixed batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.patches import Rectangle

from results.plots.style import GREY, ORANGE, SMALL_SIZE, TITLE_SIZE, new_figure, save_figure, wrap_name

_CELL = 1.45  # inches
_NAME_WIDTH = 17  # characters below or beside a picture


@dataclass(frozen=True, eq=False)
class PreviewRow:
    """One photograph and what becomes of it.

    Args:
        class_name: as long as it is.
        original: uint8 [H, W, 3].
        box: x_min, y_min, x_max, y_max in its pixels; None where there is none.
        steps: title to uint8 [S, S, 3]: the square that the model sees, each transform alone, the chain.
    """

    class_name: str
    original: np.ndarray
    box: Sequence[float] | None
    steps: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class PreviewBatch:
    """A mixed batch.

    Args:
        title: how it is mixed.
        pictures: [B, S, S, 3] in [0, 255].
        labels: for each picture its class names and their shares, largest first.
    """

    title: str
    pictures: np.ndarray
    labels: Sequence[Sequence[tuple[str, float]]]


def plot_preview(
    rows: Sequence[PreviewRow], batches: Sequence[PreviewBatch], path: Path | str, *, title: str, subtitle: str
) -> None:
    """Draw a line per photograph, then a line per mixed batch.

    Args:
        rows: at least one, all with the same steps.
        batches: may be empty.
        path: the PNG file.
        title: above everything.
        subtitle: above the photographs.
    """
    columns = 1 + len(rows[0].steps)
    heights = [_CELL * len(rows) + 1.1, *(_CELL + 1.15 for _ in batches)]
    figure = new_figure(_CELL * columns + 1.6, sum(heights) + 0.5)
    figure.suptitle(title, x=0.012, ha="left", fontsize=TITLE_SIZE + 1, fontweight="bold", parse_math=False)
    parts = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False).ravel()
    _head(parts[0], subtitle)
    _draw_rows(parts[0], rows)
    for part, batch in zip(parts[1:], batches, strict=True):
        _draw_batch(part, batch)
    save_figure(figure, path)


def _draw_rows(part: SubFigure, rows: Sequence[PreviewRow]) -> None:
    grid = part.subplots(len(rows), 1 + len(rows[0].steps), squeeze=False)
    for line, row in zip(grid, rows, strict=True):
        _show(line[0], row.original)
        line[0].set_ylabel(wrap_name(row.class_name, _NAME_WIDTH, max_lines=4), rotation=0, ha="right", va="center",
                           fontsize=SMALL_SIZE, labelpad=6, parse_math=False)
        if row.box is not None:
            left, top, right, bottom = row.box
            line[0].add_patch(Rectangle((left, top), right - left, bottom - top, fill=False, edgecolor=ORANGE, linewidth=1.3))
        for axes, picture in zip(line[1:], row.steps.values(), strict=True):
            _show(axes, picture)
    for axes, name in zip(grid[0], ["original", *rows[0].steps], strict=True):
        axes.set_title(wrap_name(name, 14, max_lines=2), fontsize=SMALL_SIZE, fontweight="bold", parse_math=False)


def _draw_batch(part: SubFigure, batch: PreviewBatch) -> None:
    _head(part, batch.title)
    for axes, picture, label in zip(part.subplots(1, len(batch.pictures)), batch.pictures, batch.labels, strict=True):
        _show(axes, np.clip(picture, 0, 255).round().astype(np.uint8))
        lines = [wrap_name(f"{100 * share:.0f} % {name}", _NAME_WIDTH + 2, max_lines=2) for name, share in label]
        axes.set_xlabel("\n".join(lines), fontsize=SMALL_SIZE - 1.5, parse_math=False, color="black")


def _head(part: SubFigure, text: str) -> None:
    part.suptitle(text, x=0.012, ha="left", fontsize=TITLE_SIZE - 1, fontweight="bold", parse_math=False)


def _show(axes: Axes, picture: np.ndarray) -> None:
    axes.imshow(picture, interpolation="antialiased")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(color=GREY, linewidth=0.5)
