"""How much each hyper-parameter mattered, with its uncertainty."""

from pathlib import Path

from matplotlib.axes import Axes

from results.plots.share_formatter import ShareFormatter
from results.plots.style import BLUE, GREY, LIGHT_BLUE, SMALL_SIZE, TEXT_SIZE, new_figure, save_figure, style_axes
from results.search_importance import SearchImportance


def plot_search_importance(importance: SearchImportance, path: Path | str) -> None:
    """Draw the importance of every dimension as a bar with its interval; bars whose interval reaches 0 are pale.

    Args:
        importance: what `measure_importance` answered.
        path: the PNG file.
    """
    figure = new_figure(8.0, 1.5 + 0.34 * len(importance.rows))
    axes = figure.subplots()
    style_axes(axes, "Importance")
    axes.grid(axis="y", visible=False)
    _draw_rows(axes, importance)
    axes.xaxis.set_major_formatter(ShareFormatter())
    axes.set_xlabel(
        "how much worse the rank of a trial is foretold without it (share of its variance);\n"
        "bar: median, line: 90 % of the resamples; pale: may be chance", fontsize=SMALL_SIZE
    )  # fmt: skip
    foretold = f"{100 * max(importance.explained, 0):.0f} %"
    explained = f"{importance.num_trials} trials; a forest foretells {foretold} of the differences"
    axes.set_title(explained, loc="right", fontsize=SMALL_SIZE, color=GREY)
    save_figure(figure, path)


def _draw_rows(axes: Axes, importance: SearchImportance) -> None:
    rows = importance.rows
    for place, row in enumerate(rows):
        if row.value is None:
            axes.text(0, place, f"  varied in too few trials ({row.num_trials})", va="center", fontsize=SMALL_SIZE, color=GREY)
            continue
        axes.barh(place, max(row.value, 0), height=0.62, color=BLUE if row.low > 0 else LIGHT_BLUE, zorder=2)
        axes.plot([max(row.low, 0), max(row.high, 0)], [place, place], color="black", linewidth=1.3, zorder=3)
    names = [row.name.rpartition(".")[2] for row in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=TEXT_SIZE, parse_math=False)
    axes.set(ylim=(len(rows) - 0.4, -0.6), xlim=(0, max(0.1, *(1.03 * row.high for row in rows))))
    axes.tick_params(axis="y", length=0)
