"""The page of a comparison or study: one HTML file that needs no network."""

from pathlib import Path
from typing import Any

from car_classifier.base.files import read_json, write_text
from results.comparison_table import (
    COST_TITLE,
    RELOAD_LEGEND,
    STEPS_TITLE,
    Cells,
    accuracy_table,
    cost_table,
    steps_table,
)
from results.comparison_words import chance_in_words, departures, openings_in_words, sentences
from results.page import embed_picture, render_page
from results.published_table import published_tables
from results.run_words import share_text

_PLOTS = {
    "accuracy": ("Accuracy.", "Each variant on the same test pictures, with its 95 % interval. Intervals may overlap where a "
                 "difference is clear: differences are of pairs, so the table has them."),
    "time": ("Time.", "Accuracy over the time of a training, on the machine as busy as it was."),
}


def write_comparison_page(folder: Path) -> None:
    """Write `report.html` into the folder of a comparison, from its comparison.json and plots.

    Raises:
        DataError: comparison.json is missing or damaged.
    """
    content = read_json(folder / "comparison.json")
    label, shown = _shown_variant(content)
    files = [(folder / "plots" / f"{name}.png", *words) for name, words in _PLOTS.items()]
    page = render_page(
        "comparison.html", content=content, name=folder.name, headline=headline(content), departures=departures(content),
        sentences=sentences(content), legend=RELOAD_LEGEND,
        tables=[_sortable("Accuracy", accuracy_table(content)), _sortable(COST_TITLE, cost_table(content)),
                _sortable(STEPS_TITLE, steps_table(content))],
        published=[_sortable(title, cells) for title, cells in published_tables(content).items()],
        plots=[(embed_picture(path), title, caption) for path, title, caption in files if path.is_file()],
        tile_of_accuracy=(label, share_text(shown["accuracy"]), shown["name"]),
        ends=f"{share_text(shown['accuracy_low'])} to {share_text(shown['accuracy_high'])}",
        trainings=_trainings(content), chance=chance_in_words(content), openings=openings_in_words(content),
        runs=[member["run"] for variant in content["variants"] for member in variant["members"]],
    )
    write_text(folder / "report.html", page)


def headline(content: dict[str, Any]) -> str:
    """Return what came out in one short sentence."""
    found = [difference for difference in content["differences"] if difference["distinguishable"]]
    if not content["differences"]:
        return f"{content['variants'][0]['name']} alone: {share_text(content['variants'][0]['accuracy'])}"
    if not found:
        return f"Nothing is distinguishable from {content['baseline']}"
    best = max(found, key=lambda difference: abs(difference["difference"]))
    change = f"{100 * best['difference']:+.1f} points".replace("-", "−")
    return f"{best['variant']}: {change} against {content['baseline']}"


def _shown_variant(content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The variant of the first tile and what it is: only one that differs from the baseline may be called better."""
    baseline = content["variants"][0]
    found = {difference["variant"] for difference in content["differences"] if difference["distinguishable"]}
    better = [one for one in content["variants"] if one["name"] in found and one["accuracy"] > baseline["accuracy"]]
    if not better:
        return "Baseline", baseline
    return "Better than the baseline", max(better, key=lambda variant: variant["accuracy"])


def _trainings(content: dict[str, Any]) -> str:
    """How many trainings a variant has; not all have the same number where some failed or were left out."""
    counts = [variant["num_seeds"] for variant in content["variants"]]
    words = f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
    return f"of {words} training{'s' if max(counts) > 1 else ''} each"


def _sortable(title: str, cells: Cells) -> dict[str, Any]:
    header, *rows = cells
    columns = [{"label": name, "name": name} for name, _ in header]
    return {"title": title, "columns": columns, "rows": [{"cells": row, "kind": ""} for row in rows]}
