"""A comparison as tables: cells of text for terminal and Markdown, numbers for table.csv."""

from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from car_classifier.base.files import atomic_path
from results.cost_words import gflops_text, more_text
from results.search_words import duration_text, points_text


class Cell(NamedTuple):
    """A place in a table.

    Args:
        text: what is shown.
        key: number to sort by; None: by the text.
    """

    text: str
    key: float | None = None


Cells = list[list[Cell]]  # the first row is the header

EMPTY = Cell("–")
RELOAD_LEGEND = (
    "reload: the stored model is read anew, and must answer as the trained one did. The time of a training leaves out the "
    "features of a frozen backbone, which only the first of several trainings computes."
)
COST_TITLE = "Cost of a training, mean over seeds"
STEPS_TITLE = "Seconds of each step, mean over seeds: wall-clock / CPU"
_OF_VARIANT = (
    "accuracy", "accuracy_low", "accuracy_high", "validation_accuracy", "published", "num_seeds", "parameters",
    "trainable_parameters", "gflops", "epochs", "seconds", "cpu_seconds", "model_bytes", "peak_memory",
)
_OF_DIFFERENCE = ("difference", "low", "high", "p_value", "p_adjusted", "distinguishable")


def accuracy_table(content: dict[str, Any]) -> Cells:
    """Return a row per variant: accuracies, and the difference from the baseline."""
    differences = {difference["variant"]: difference for difference in content["differences"]}
    return _cells([_accuracies(one, differences.get(one["name"]), content["seeds"]) for one in content["variants"]])


def cost_table(content: dict[str, Any]) -> Cells:
    """Return a row per variant: weights and operations, with what they are more than the baseline's, time, memory."""
    variants = content["variants"]
    return _cells([_costs(variant, variants[0]) for variant in variants])


def steps_table(content: dict[str, Any]) -> Cells:
    """Return a row per step of a training and a column per variant."""
    variants = content["variants"]
    steps = dict.fromkeys(step for variant in variants for step in variant["steps"])
    rows = [[Cell(step), *(_seconds(variant["steps"].get(step)) for variant in variants)] for step in steps]
    return [[Cell("step"), *(Cell(variant["name"]) for variant in variants)], *rows]


def markdown(cells: Cells) -> str:
    """Return cells as a Markdown table, numbers flush right."""
    header, *rows = [[cell.text.replace("|", "\\|") for cell in row] for row in cells]
    rule = ["---", *("---:" for _ in header[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))


def write_table(path: Path, content: dict[str, Any]) -> None:
    """Write table.csv: a line per variant, with the numbers of comparison.json and the test accuracy of each seed."""
    differences = {difference["variant"]: difference for difference in content["differences"]}
    rows = []
    for variant in content["variants"]:
        difference = differences.get(variant["name"], {})
        seeds = {f"accuracy_seed_{member['seed']}": member["accuracy"] for member in variant["members"]}
        rows.append({"variant": variant["name"], **{name: variant[name] for name in _OF_VARIANT},
                     **{name: difference.get(name) for name in _OF_DIFFERENCE}, **seeds})
    with atomic_path(path) as temporary:
        pd.DataFrame(rows).to_csv(temporary, index=False, lineterminator="\n")


def _cells(rows: list[dict[str, Cell]]) -> Cells:
    """Rows without the columns that are empty in all of them."""
    used = [name for name in rows[0] if any(row[name] != EMPTY for row in rows)]
    return [[Cell(name) for name in used], *([row[name] for name in used] for row in rows)]


def _accuracies(variant: dict[str, Any], difference: dict[str, Any] | None, seeds: list[int]) -> dict[str, Cell]:
    by_seed = {member["seed"]: member["accuracy"] for member in variant["members"]}
    low, high = 100 * variant["accuracy_low"], 100 * variant["accuracy_high"]
    return {
        "variant": Cell(variant["name"]),
        "test %": _percent(variant["accuracy"]),
        "95 % interval": Cell(f"{low:.1f} to {high:.1f}", low),
        "by seed" if len(seeds) > 1 else "seed": Cell(" ".join(_percent(by_seed.get(seed)).text for seed in seeds)),
        "difference": EMPTY if difference is None else _difference(difference),
        "validation %": _percent(variant["validation_accuracy"]),
        "published %": EMPTY if variant["published"] is None else _number(variant["published"], "g"),
    }


def with_change(cost: Cell, baseline: Cell) -> Cell:
    """Return a cost with how much more it is than the baseline's, in per cent: "0.0413 (+21.7 %)"."""
    if cost.key is None or not baseline.key:
        return cost
    more = more_text(cost.key, baseline.key)
    return Cell(f"{cost.text} ({more})", cost.key) if more else cost


def _costs(variant: dict[str, Any], baseline: dict[str, Any]) -> dict[str, Cell]:
    memory = variant["peak_memory"]
    return {
        "variant": Cell(variant["name"]),
        "weights": with_change(*(_number(one["parameters"], ",") for one in (variant, baseline))),
        "GFLOPs": with_change(*(Cell(gflops_text(one["gflops"]), one["gflops"]) for one in (variant, baseline))),
        "epochs": _number(variant["epochs"], "g" if variant["epochs"] % 1 == 0 else ".1f"),
        "time": _duration(variant["seconds"]),
        "CPU time": _duration(variant["cpu_seconds"]),
        "model MB": _number(variant["model_bytes"] / 1e6, ".1f"),
        "peak GB": EMPTY if memory is None else _number(memory / 1e9, ".1f"),
    }


def _difference(difference: dict[str, Any]) -> Cell:
    points, low, high = (points_text(difference[name]) for name in ("difference", "low", "high"))
    mark = "" if difference["distinguishable"] else " n.d."
    return Cell(f"{points} ({low} to {high}){mark}", difference["difference"])


def _number(value: float, form: str) -> Cell:
    return Cell(format(value, form), value)


def _duration(seconds: float) -> Cell:
    return Cell(duration_text(seconds), seconds)


def _percent(share: float | None) -> Cell:
    return EMPTY if share is None else _number(100 * share, ".1f")


def _seconds(step: dict[str, float] | None) -> Cell:
    return EMPTY if step is None else Cell(f"{step['seconds']:.1f} / {step['cpu_seconds']:.1f}", step["seconds"])
