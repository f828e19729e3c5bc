"""The learning curves of all trials, those that were cut off among them."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from results.plots.search_style import GOLD, LOOKS, look_of, possible_limits, style_values, value_limits
from results.plots.style import TEXT_SIZE, new_figure, save_figure, style_axes
from results.search_record import SearchRecord
from results.search_trial import SearchTrial

_MANY = 60  # trials from which lines are drawn paler
_STYLES = {
    "completed": {"linewidth": 1.0, "zorder": 2}, "pruned": {"linewidth": 1.0, "zorder": 3},
    "failed": {"linewidth": 1.2, "zorder": 4}, "infeasible": {"linewidth": 1.2, "zorder": 4},
    "running": {"linewidth": 1.2, "zorder": 4, "linestyle": (0, (1, 1))},
    "default": {"linewidth": 2.2, "zorder": 6, "linestyle": (0, (4, 2))}, "best": {"linewidth": 2.6, "zorder": 7},
}  # fmt: skip


def plot_search_curves(record: SearchRecord, path: Path | str) -> None:
    """Draw the monitored figure after each epoch of each trial; pruned and failed ones end with their mark.

    Args:
        record: of which at least one trial has finished an epoch.
        path: the PNG file.
    """
    figure = new_figure(9.0, 5.2)
    axes = figure.subplots()
    style_axes(axes, "Learning curves")
    style_values(axes, record)
    trials = [trial for trial in record.trials if trial.curve]
    axes.set_xlim(0.5, max(len(trial.curve) for trial in trials) + 0.5)
    _widen(axes, record)
    for trial in trials:
        _draw_curve(axes, record, trial=trial)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    axes.set_xlabel("epoch", fontsize=TEXT_SIZE)
    looks = {look_of(record, trial) for trial in trials}
    entries = [Line2D([], [], color=LOOKS[look]["color"], marker=_end_marker(look), label=look, **_STYLES[look])
               for look in LOOKS if look in looks]  # fmt: skip
    figure.legend(handles=entries, loc="outside upper left", ncols=7, frameon=False, fontsize=TEXT_SIZE)
    save_figure(figure, path)


def _end_marker(look: str) -> str:
    return LOOKS[look]["marker"] if look in ("pruned", "failed") else ""


def _draw_curve(axes: Axes, record: SearchRecord, *, trial: SearchTrial) -> None:
    look = look_of(record, trial)
    epochs, curve = np.arange(1, len(trial.curve) + 1), np.array(trial.curve, dtype=np.float64)
    colour, alpha = LOOKS[look]["color"], 1.0
    if look == "completed":
        alpha = 0.3 if len(record.trials) > _MANY else 0.55
    if look == "best":
        axes.plot(epochs, curve, color="black", linewidth=4.0, zorder=6.9)
    axes.plot(epochs, curve, color=colour, alpha=alpha, **_STYLES[look])
    if look == "best" and trial.best_epoch:
        axes.plot(trial.best_epoch, curve[trial.best_epoch - 1], "o", color=GOLD, mec="black", markersize=8, zorder=8)
    finite = np.flatnonzero(np.isfinite(curve))
    if _end_marker(look) and finite.size:
        end = np.clip(curve[finite[-1]], *axes.get_ylim())
        axes.plot(epochs[finite[-1]], end, _end_marker(look), color=colour, markersize=6, zorder=5, clip_on=False)


def _widen(axes: Axes, record: SearchRecord) -> None:
    """Show more of the worse side than other plots do: that is where curves start."""
    low, high = value_limits(record)
    starts = [trial.curve[0] for trial in record.trials if trial.curve and np.isfinite(trial.curve[0])]
    usual = float(np.median(starts)) if starts else low
    low, high = min(low, usual), max(high, usual)
    margin = 0.04 * (high - low)
    axes.set_ylim(*possible_limits(record, low - margin, high + margin))
