"""Maps of importance laid over pictures."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from results.plots.style import SMALL_SIZE, TEXT_SIZE, TITLE_SIZE, new_figure, save_figure, wrap_name

_COLOURS = "inferno"
_STRONGEST = 0.8  # how much of the picture the hottest place hides
_UNSEEN = 0.35  # brightness of what the model did not see
_PANEL_INCHES = 3.4


def paint_heat(picture: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """Return the picture, grey, with the map in colour over it; what the model did not see is dark.

    Args:
        picture: uint8 [H, W, 3].
        heat: float [H, W] in [0, 1]; NaN where the model saw nothing.

    Returns:
        uint8 [H, W, 3].
    """
    grey = np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2)
    unseen = np.isnan(heat)[..., None]
    warmth = np.nan_to_num(heat)[..., None]
    colours = colormaps[_COLOURS](warmth[..., 0])[..., :3] * 255
    opacity = _STRONGEST * np.sqrt(warmth)
    mixed = np.where(unseen, _UNSEEN * grey, (1 - opacity) * grey + opacity * colours)
    return np.clip(np.round(mixed), 0, 255).astype(np.uint8)


def plot_explanation(
    picture: np.ndarray, maps: Sequence[tuple[str, np.ndarray]], *, title: str, subtitle: str, path: Path | str
) -> None:
    """Draw a picture and, beside it, its maps.

    Args:
        picture: uint8 [H, W, 3].
        maps: title and map of each, as for `paint_heat`.
        title, subtitle: above all.
        path: the PNG file.
    """
    panels = [("picture", picture), *((name, paint_heat(picture, heat)) for name, heat in maps)]
    columns = min(3, len(panels))
    lines = -(-len(panels) // columns)
    ratio = float(np.clip(picture.shape[0] / picture.shape[1], 0.4, 1.6))
    figure = new_figure(_PANEL_INCHES * columns, (_PANEL_INCHES * ratio + 0.3) * lines + 0.9)
    grid = figure.subplots(lines, columns, squeeze=False).ravel()
    for axes, (name, image) in zip(grid, panels):
        axes.imshow(image, interpolation="antialiased")
        axes.set_title(name, fontsize=TEXT_SIZE, loc="left", parse_math=False)
    for axes in grid:
        axes.set_axis_off()
    _write_title(figure, title, subtitle)
    save_figure(figure, path)


def _write_title(figure: Figure, title: str, subtitle: str) -> None:
    width = int(figure.get_figwidth() * 11)
    lines = wrap_name(title, width, max_lines=2)
    place = {"x": 0.015, "ha": "left", "fontsize": TITLE_SIZE, "fontweight": "bold"}
    figure.suptitle(lines, **place).set_parse_math(False)
    note = wrap_name(subtitle, int(figure.get_figwidth() * 15), max_lines=3)
    figure.supxlabel(note, x=0.015, ha="left", fontsize=SMALL_SIZE).set_parse_math(False)
