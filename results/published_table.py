"""What others published of the variants of a comparison, beside what was found here."""

from typing import Any

from results.comparison_table import EMPTY, Cell, Cells
from results.comparison_words import points_text

PUBLISHED_TITLE = "Published, beside ours: per cent, and points from the baseline"


def published_table(content: dict[str, Any]) -> Cells:
    """Return a row per variant; nothing where nothing was published but what the table of accuracies shows."""
    variants = content["variants"]
    figures = [figures_of(variant) for variant in variants]
    data = dict.fromkeys(name for one in figures for name in one["accuracy"])
    costs = {"GFLOPs": [variant["gflops"] for variant in variants],
             "weights, millions": [variant["parameters"] / 1e6 for variant in variants]}
    told = {title: [one[key] for one in figures] for title, key in (("GFLOPs", "gflops"), ("weights, millions", "weights"))}
    shown = [title for title, values in told.items() if any(value is not None for value in values)]
    if not shown and not elsewhere(content):
        return []
    columns = [("variant", [Cell(variant["name"]) for variant in variants]),
               (f"ours, {content['data']}", _changes([100 * variant["accuracy"] for variant in variants], ".1f"))]
    columns += [(f"published, {name}", _changes([one["accuracy"].get(name) for one in figures], "g")) for name in data]
    for title in shown:
        form = ".2f" if title == "GFLOPs" else ".3f"
        columns += [(title, _cells(costs[title], form)), (f"published {title}", _cells(told[title], form))]
    return [[Cell(title) for title, _ in columns], *(list(row) for row in zip(*(cells for _, cells in columns), strict=True))]


def figures_of(variant: dict[str, Any]) -> dict[str, Any]:
    """Return the published figures of a variant of comparison.json, those that are not there as None."""
    return {"accuracy": {}, "gflops": None, "weights": None} | (variant.get("published_figures") or {})


def elsewhere(content: dict[str, Any]) -> list[str]:
    """Return the names of the data of published accuracies that may not be set against ours."""
    names = dict.fromkeys(
        name for variant in content["variants"] for name in figures_of(variant)["accuracy"]
        if name != content["data"] or variant["published"] is None
    )
    return list(names)


def _changes(values: list[float | None], form: str) -> list[Cell]:
    """Each value, and how far it is from the first."""
    first = values[0]
    return [
        EMPTY if value is None else
        Cell(format(value, form), value) if first is None or index == 0 else
        Cell(f"{format(value, form)} ({points_text((value - first) / 100, form)})", value)
        for index, value in enumerate(values)
    ]


def _cells(values: list[float | None], form: str) -> list[Cell]:
    return [EMPTY if value is None else Cell(format(value, form), value) for value in values]
