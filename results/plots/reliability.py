"""The reliability diagram: is a model that says 80 % right in 80 % of such cases?"""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from results.calibration import Reliability
from results.plots.share_formatter import ShareFormatter
from results.plots.style import (
    BLUE,
    GREY,
    LIGHT_BLUE,
    ORANGE,
    SMALL_SIZE,
    TEXT_SIZE,
    new_figure,
    save_figure,
    style_axes,
    wrap_name,
)
from results.statistics import wilson_interval

FEW = 10  # pictures; the share of right ones among fewer says little


def plot_reliability(reliability: Reliability, path: Path | str, *, about: str) -> None:
    """Draw accuracy against confidence per bin with Wilson's intervals, the pictures per bin, and the calibration error.

    Args:
        about: which pictures these are, "test pictures of cifar10".
    """
    figure = new_figure(6.2, 7.2)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    _draw_accuracies(upper, reliability)
    _draw_counts(lower, reliability, about)
    save_figure(figure, path)


def _draw_accuracies(axes: Axes, reliability: Reliability) -> None:
    width, many = reliability.edges[1], reliability.counts >= FEW
    few = (reliability.counts > 0) & ~many
    left, accuracies, confidences = reliability.edges[:-1], reliability.accuracies, reliability.confidences
    bars = {"width": width, "align": "edge"}
    if many.any():
        gaps = (confidences - accuracies)[many]
        outline = {"facecolor": "none", "edgecolor": ORANGE, "hatch": "///", "linewidth": 1.0}
        axes.bar(left[many], accuracies[many], color=LIGHT_BLUE, edgecolor="white", label="accuracy", **bars)
        axes.bar(left[many], gaps, bottom=accuracies[many], label="gap to the mean confidence", **outline, **bars)
    if few.any():
        label = f"accuracy of fewer than {FEW} pictures"
        axes.bar(left[few], accuracies[few], color="#ECECEC", edgecolor="white", label=label, **bars)
    _draw_intervals(axes, reliability)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=(0, (4, 3)), linewidth=1.4, zorder=4, label="perfect calibration")
    style_axes(axes, "Reliability")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.yaxis.set_major_formatter(ShareFormatter())
    axes.set_ylabel("pictures answered rightly", fontsize=TEXT_SIZE)
    axes.figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=SMALL_SIZE)
    axes.text(
        0.97,
        0.04,
        f"expected calibration error {100 * reliability.expected_calibration_error:.1f} %",
        fontsize=TEXT_SIZE,
        transform=axes.transAxes,
        ha="right",
        va="bottom",
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": GREY, "linewidth": 0.6, "boxstyle": "round,pad=0.4"},
    )


def _draw_intervals(axes: Axes, reliability: Reliability) -> None:
    used = reliability.counts > 0
    counts, accuracies = reliability.counts[used], reliability.accuracies[used]
    ends = np.array([wilson_interval(round(share * count), count) for share, count in zip(accuracies, counts)])
    middles = reliability.edges[:-1][used] + reliability.edges[1] / 2
    axes.vlines(middles, ends[:, 0], ends[:, 1], color=BLUE, linewidth=1.4, zorder=5, label="95 % interval")
    axes.plot(middles, accuracies, "o", color=BLUE, markersize=4, zorder=5, clip_on=False)


def _draw_counts(axes: Axes, reliability: Reliability, about: str) -> None:
    edges, counts = reliability.edges, reliability.counts
    axes.bar(edges[:-1], counts, edges[1], align="edge", color="#A6A6A6", edgecolor="white")
    for left, count in zip(edges[:-1], counts):
        axes.annotate(
            str(count),
            (left + edges[1] / 2, count),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            fontsize=6.5 if counts.max() > 9999 else 7.5,
            color=GREY,
        )
    style_axes(axes, wrap_name(f"{counts.sum():,} {about}", 48, max_lines=2))
    axes.set_ylim(0, max(counts.max(), 1) * 1.18)
    axes.xaxis.set_major_formatter(ShareFormatter())
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.set_xlabel("confidence: probability of the answered class", fontsize=TEXT_SIZE)
    axes.set_ylabel("pictures", fontsize=TEXT_SIZE)
