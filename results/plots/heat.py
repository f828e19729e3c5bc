"""Maps of importance laid over pictures."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from results.plots.style import SMALL_SIZE, TITLE_SIZE, save_figure, wrap_name

_COLOURS = "inferno"
_STRONGEST = 0.8  # how much of the picture the hottest place hides
_UNSEEN = 0.35  # brightness of what the model did not see
_PANEL_INCHES = 3.2  # side of a square picture
_NARROWEST, _WIDEST = 1.8, 5.0
_MOST_COLUMNS = 3
_GAP, _NAME, _LINE = 0.15, 0.3, 0.22  # inches: between panels, for the name of one, of a line of text


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
        title, subtitle: above and below all.
        path: the PNG file.
    """
    panels = [("picture", picture), *((name, paint_heat(picture, heat)) for name, heat in maps)]
    columns = min(_MOST_COLUMNS, len(panels))
    lines = -(-len(panels) // columns)
    across = _panel_width(picture)
    down = across * picture.shape[0] / picture.shape[1]
    width = columns * (across + _GAP) + _GAP
    above = wrap_name(title, int(width * 9.5), max_lines=2)
    below = wrap_name(subtitle, int(width * 14), max_lines=3)
    head, foot = (_LINE * (text.count("\n") + 1) + _GAP for text in (above, below))
    figure = Figure(figsize=(width, head + lines * (down + _NAME) + foot), facecolor="white")
    height = figure.get_figheight()
    _write(figure, above, height - _GAP, size=TITLE_SIZE, weight="bold")
    _write(figure, below, foot - _GAP / 2, size=SMALL_SIZE)
    for number, (name, image) in enumerate(panels):
        line, column = divmod(number, columns)
        place = (_GAP + column * (across + _GAP), height - head - (line + 1) * (down + _NAME), across, down)
        axes = figure.add_axes((place[0] / width, place[1] / height, place[2] / width, place[3] / height))
        axes.imshow(image, interpolation="antialiased", aspect="auto")
        axes.set_title(wrap_name(name, int(across * 14), max_lines=1), fontsize=SMALL_SIZE, loc="left", pad=3, parse_math=False)
        axes.set_axis_off()
    save_figure(figure, path)


def _panel_width(picture: np.ndarray) -> float:
    """Inches: upright pictures are narrower, so that all panels have about the same area; none is a mere strip."""
    ratio = picture.shape[0] / picture.shape[1]
    return float(np.clip(_PANEL_INCHES / np.sqrt(ratio), _NARROWEST, _WIDEST))


def _write(figure: Figure, text: str, top: float, *, size: float, weight: str = "normal") -> None:
    """Write lines at the left, `top` inches above the lower edge."""
    place = (_GAP / figure.get_figwidth(), top / figure.get_figheight())
    figure.text(*place, text, ha="left", va="top", fontsize=size, fontweight=weight, parse_math=False)
