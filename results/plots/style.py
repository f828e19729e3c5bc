"""The look that all plots share, and the one way in which they reach the disk."""

import textwrap
import warnings
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from car_classifier.base.files import atomic_path

# Okabe and Ito's colours, told apart with every kind of colour vision.
BLUE, LIGHT_BLUE, ORANGE, GREEN, GREY = "#0072B2", "#9CC9E8", "#D55E00", "#009E73", "#595959"
PHASE_TINTS = ("#FFFFFF", "#EAF1F7", "#F7F0E3", "#E9F4EF")
RIGHT = LinearSegmentedColormap.from_list("right", ["#FFFFFF", "#D3E6F3", BLUE, "#00456B"])
WRONG = LinearSegmentedColormap.from_list("wrong", ["#FFFFFF", "#FCD9BF", ORANGE, "#6E2F00"])

TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 12, 10, 8.5
_DOTS_PER_INCH = 130


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` x `height` inches that arranges its axes by itself, unknown to pyplot."""
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1, wspace=0.02, hspace=0.02)
    return figure


def style_axes(axes: Axes, title: str) -> None:
    """Give `axes` a title at its left, a light grid behind the data and no box."""
    axes.set_title(title, loc="left", fontsize=TITLE_SIZE, fontweight="bold", parse_math=False)
    axes.grid(color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL_SIZE)


def limits_of_shares(low: float, high: float, *, least_span: float = 0.0) -> tuple[float, float]:
    """Return the ends of an axis for shares from `low` to `high`: at least a span, and nothing below 0 or above 1."""
    room = max(least_span - (high - low), 0) / 2
    return max(min(low - room, 1 - least_span), 0.0), min(max(high + room, least_span), 1.0)


def wrap_name(name: str, width: int, *, max_lines: int) -> str:
    """Break a class name into lines of at most `width` characters; what is left after `max_lines` becomes '…'."""
    return "\n".join(textwrap.wrap(name, width, max_lines=max_lines, placeholder=" …"))


def save_figure(figure: Figure, path: Path | str) -> None:
    """Write `figure` to `path` as PNG, atomically."""
    FigureCanvasAgg(figure)
    with atomic_path(path) as temporary, warnings.catch_warnings():
        # A class name in a script that the font lacks is drawn as boxes; that is no reason to disturb the training.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure.savefig(temporary, format="png", dpi=_DOTS_PER_INCH)
