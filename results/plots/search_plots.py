"""All plots of a search at once."""

from pathlib import Path

from results.plots.search_curves import plot_search_curves
from results.plots.search_history import plot_search_history
from results.plots.search_importance import plot_search_importance
from results.plots.search_parallel import plot_search_parallel
from results.plots.search_slices import plot_search_slices
from results.plots.search_timeline import plot_search_timeline
from results.search_importance import SearchImportance
from results.search_record import SearchRecord


def plot_search(record: SearchRecord, importance: SearchImportance | None, folder: Path | str) -> dict[str, Path]:
    """Draw every plot for which there is something to draw; the most important dimensions come first.

    Args:
        record: the search.
        importance: what `measure_importance` answered.
        folder: of the PNG files; made when missing.

    Returns:
        Name of the plot (importance, history, parallel, slices, curves, timeline) to its file.
    """
    folder = Path(folder)
    record = record.ordered(importance.names) if importance else record
    drawings = {}
    if importance:
        drawings["importance"] = lambda path: plot_search_importance(importance, path)
    if record.valued:
        drawings["history"] = lambda path: plot_search_history(record, path)
        drawings["parallel"] = lambda path: plot_search_parallel(record, path)
        drawings["slices"] = lambda path: plot_search_slices(record, path)
    if any(trial.curve for trial in record.trials):
        drawings["curves"] = lambda path: plot_search_curves(record, path)
    if any(trial.start for trial in record.trials):
        drawings["timeline"] = lambda path: plot_search_timeline(record, path)
    for name, draw in drawings.items():
        draw(folder / f"{name}.png")
    return {name: folder / f"{name}.png" for name in drawings}
