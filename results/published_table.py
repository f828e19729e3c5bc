"""What others published of the variants of a comparison, beside what was found here."""

from collections.abc import Callable, Sequence
from typing import Any

from results.comparison_table import EMPTY, Cell, Cells, with_change
from results.cost_words import gflops_text
from results.search_words import points_text

_COSTS = {"GFLOPs": ("gflops", 1.0, gflops_text), "weights": ("parameters", 1e6, "{:.3f}".format)}  # key of ours, unit, words


def published_tables(content: dict[str, Any]) -> dict[str, Cells]:
    """Return tables by title, a row per variant: accuracies that may not be set against ours, and costs.

    There is none where nothing was published but what the table of accuracies shows.
    """
    names = [Cell("variant"), *(Cell(variant["name"]) for variant in content["variants"])]
    tables = {
        f"Published accuracies beside ours on {content['data']}: per cent, and points from the baseline": _accuracies(content),
        "Published costs beside ours; weights in millions": _costs(content),
    }
    return {title: list(map(list, zip(names, *columns, strict=True))) for title, columns in tables.items() if columns}


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


def _accuracies(content: dict[str, Any]) -> Cells:
    variants = content["variants"]
    if not elsewhere(content):
        return []
    found = [figures_of(variant)["accuracy"] for variant in variants]
    data = dict.fromkeys(name for one in found for name in one)
    ours = [100 * variant["accuracy"] for variant in variants]
    columns = {name: [one.get(name) for one in found] for name in data}
    return [_changes("ours", ours, decimals=1),
            *(_changes(name, values, decimals=_decimals(values)) for name, values in columns.items())]


def _costs(content: dict[str, Any]) -> Cells:
    columns = []
    for title, (key, unit, words) in _COSTS.items():
        found = [figures_of(variant)["gflops" if key == "gflops" else "weights"] for variant in content["variants"]]
        if any(value is not None for value in found):
            ours = [variant[key] / unit for variant in content["variants"]]
            columns += [_with_changes(_column(title, ours, words)), _with_changes(_column(f"published {title}", found, words))]
    return columns


def _with_changes(column: list[Cell]) -> list[Cell]:
    title, baseline, *others = column
    return [title, baseline, *(with_change(cost, baseline) for cost in others)]


def _decimals(values: Sequence[float | None]) -> int:
    """How many the longest of the values has."""
    return max(len(f"{value:g}".partition(".")[2]) for value in values if value is not None)


def _changes(title: str, values: Sequence[float | None], *, decimals: int) -> list[Cell]:
    """Each value, and how far it is from the first."""
    form = f".{decimals}f"
    cells = _column(title, values, f"{{:{form}}}".format)
    if values[0] is None:
        return cells
    return cells[:2] + [
        cell if value is None else Cell(f"{cell.text} ({points_text((value - values[0]) / 100, form)})", value)
        for cell, value in zip(cells[2:], values[1:], strict=True)
    ]


def _column(title: str, values: Sequence[float | None], words: Callable[[float], str]) -> list[Cell]:
    return [Cell(title), *(EMPTY if value is None else Cell(words(value), value) for value in values)]
