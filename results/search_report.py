"""The page of a search: one HTML file that needs no network."""

import math
from pathlib import Path
from typing import Any

from car_classifier.base.files import write_text
from results.page import embed_picture, render_page
from results.plots.search_plots import plot_search
from results.search_dimension import setting_text
from results.search_importance import SearchImportance, measure_importance
from results.search_record import SearchRecord
from results.search_table import (
    best_choices,
    gain_in_words,
    importance_in_words,
    may_be_chance,
    pruned_in_words,
    time_in_words,
    trial_note,
)
from results.search_trial import SearchTrial
from results.search_words import counts_text, duration_text, figure_name, figure_text, is_share, moment_text

_FIRST_COLUMNS = ("trial", "state", "value", "epochs", "seconds")


def write_search_report(record: SearchRecord, folder: Path | str) -> SearchImportance | None:
    """Write `report.html` and `plots/*.png` into the folder of a search, each atomically.

    Args:
        record: the search, finished or not.
        folder: of the search.

    Returns:
        What the page says of importance, for who wants to say it elsewhere, too.
    """
    folder = Path(folder)
    importance = measure_importance(record, seed=record.seed)
    plots = plot_search(record, importance, folder / "plots")
    ordered = record.ordered(importance.names) if importance else record
    write_text(folder / "report.html", render_page("search.html", **_content(ordered, importance, plots=plots)))
    return importance


def _content(record: SearchRecord, importance: SearchImportance | None, *, plots: dict[str, Path]) -> dict[str, Any]:
    return {
        "record": record,
        "headline": headline(record),
        "gain": gain_in_words(record),
        **_tiles(record),
        "choices": best_choices(record),
        "importance_words": importance_in_words(importance),
        "time_words": time_in_words(record),
        "pruned_words": pruned_in_words(record),
        "plots": {name: embed_picture(path) for name, path in plots.items()},
        "failures": _failures(record),
        "interruptions": [(moment_text(moment), reason) for moment, reason in record.interruptions],
        "columns": _columns(record),
        "rows": [_row(record, trial) for trial in record.trials],
        "monitor": figure_name(record.monitor),
    }


def headline(record: SearchRecord) -> str:
    """Return what came out in one short sentence, in validation accuracy where that has risen."""
    best, default = record.best, record.default
    if best is None:
        return "No trial has completed"
    trials = f"in {len(record.trials)} trials"
    if default is None or not record.is_valued(default):
        return f"{_capital(figure_name(record.monitor))} {figure_text(record.monitor, best.value)} {trials}"
    if record.loss(best.value) >= record.loss(default.value):
        return f"The default configuration was not beaten {trials}"
    name, before, after = record.monitor, default.value, best.value
    accuracies = [trial.figures.get("val_accuracy") for trial in (default, best)]
    if None not in accuracies and accuracies[0] < accuracies[1]:
        name, (before, after) = "val_accuracy", accuracies
    doubt = ", which may be chance" if is_share(name) and may_be_chance(record) else ""
    return f"{_capital(figure_name(name))} {figure_text(name, before)} → {figure_text(name, after)} {trials}{doubt}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tiles(record: SearchRecord) -> dict[str, str]:
    best, default, monitor = record.best, record.default, figure_name(record.monitor)
    interruptions = len(record.interruptions)
    return {
        "best_value": figure_text(record.monitor, best.value if best else None),
        "best_note": f"{monitor}, trial {best.number}" if best else monitor,
        "default_value": figure_text(record.monitor, default.value if default else None),
        "default_note": f"{monitor}, trial {record.default_number}",
        "counts": counts_text(record.counts),
        "duration": duration_text(record.seconds),
        "interruption_note": f"{interruptions} interruption{'s' if interruptions != 1 else ''}",
    }


def _failures(record: SearchRecord) -> list[dict[str, str]]:
    """Return the failed and infeasible trials, those of the same reason together."""
    groups: dict[tuple[str, str], list[int]] = {}
    for trial in record.trials:
        if trial.state in ("failed", "infeasible"):
            groups.setdefault((trial.state, trial.reason or "no reason is known"), []).append(trial.number)
    return [
        {"state": state, "reason": reason, "numbers": f"trial{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"}
        for (state, reason), numbers in groups.items()
    ]


def _columns(record: SearchRecord) -> list[dict[str, str]]:
    dimensions = [{"label": dimension.short_name, "name": dimension.name} for dimension in record.dimensions]
    first = [{"label": name, "name": figure_name(record.monitor) if name == "value" else name} for name in _FIRST_COLUMNS]
    return [*first, *dimensions, {"label": "note", "name": "note"}]


def _row(record: SearchRecord, trial: SearchTrial) -> dict[str, Any]:
    has_value = trial.value is not None and math.isfinite(trial.value)
    cells: list[tuple[str, float | None]] = [
        (str(trial.number), trial.number),
        (trial.state, None),
        (figure_text(record.monitor, trial.value), trial.value if has_value else None),
        (str(len(trial.curve)), len(trial.curve)),
        (f"{trial.seconds:.1f}", trial.seconds),
    ]
    for dimension in record.dimensions:
        value = trial.values.get(dimension.name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        text = setting_text(value) if dimension.name in trial.values else "–"
        cells.append((text, value if is_number else None))
    kind = "best" if trial is record.best else "default" if trial is record.default else ""
    return {"cells": [*cells, (trial_note(record, trial), None)], "kind": kind}
