"""The end of a comparison: its files, its summary, and what the terminal shows."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from car_classifier.base.files import read_json
from car_classifier.comparison_plan import VariantPlan
from car_classifier.result_screen import create_result_console, create_table
from car_classifier.screen import create_console
from results.comparison import Variant, compare
from results.comparison_report import write_comparison
from results.comparison_table import COST_TITLE, STEPS_TITLE, Cells, accuracy_table, cost_table, steps_table
from results.comparison_words import departures, sentences
from results.published_table import published_tables
from results.run_store import Run

RESAMPLING_SEED = 0
MOST_COLUMNS = 5  # of variants side by side
COSTS = ("weights", "GFLOPs", "published weights", "published GFLOPs")
FOLDED = ("variant", "by seed", *COSTS)  # columns that may take two lines in a narrow terminal
OF_VARIANT = (
    "name", "num_seeds", "accuracy", "accuracy_low", "accuracy_high", "validation_accuracy", "parameters", "gflops", "seconds"
)


def conclude(run: Run, variants: Sequence[Variant], **about: Any) -> dict[str, Any]:
    """Compare, write everything into the folder of the run, show it; return the summary that `--json` prints.

    Args:
        about: as `results.comparison.compare` takes it, without the command.
    """
    command = shlex.join(["python", "-m", "car_classifier", *sys.argv[1:]])
    content = compare(variants, seed=RESAMPLING_SEED, command=command, **about)
    write_comparison(content, run.folder)
    run.update(next=shlex.join(["python", "-m", "car_classifier", "report", str(run.folder)]))
    show_result(run, content)
    return {
        "run": str(run.folder), "status": "done", "title": content["title"], "data": content["data"],
        "num_pictures": content["num_pictures"], "seeds": content["seeds"], "baseline": content["baseline"],
        "variants": [{name: variant[name] for name in OF_VARIANT} for variant in content["variants"]],
        "differences": content["differences"], "carry_over": content["carry_over"], "notes": content["notes"],
        "seconds": sum(step["seconds"] for step in run.record["steps"].values()),
    }


def shows_what_is_asked(run: Run, about: Mapping[str, Any], variants: Sequence[Variant | VariantPlan]) -> bool:
    """Say whether the files of a comparison that is done have these words and variants, in this order.

    Neither is among the settings that a run is known by: other words do not make another comparison, only other tables.
    """
    content = read_json(run.folder / "comparison.json")
    shown = [(variant["name"], variant.get("published_figures")) for variant in content["variants"]]
    asked = [(variant.name, variant.published and variant.published.described()) for variant in variants]
    return about.items() <= content.items() and shown == asked


def show_result(run: Run, content: dict[str, Any]) -> None:
    """Print tables, how a study was cut, and verdicts on stdout; the last lines say where all is, and what to type next."""
    console = create_result_console()
    tables = {content["title"]: accuracy_table(content), **published_tables(content), COST_TITLE: cost_table(content)}
    if len(content["variants"]) <= MOST_COLUMNS:  # else it is in table.md alone
        tables[STEPS_TITLE] = steps_table(content)
    for title, cells in tables.items():
        console.print(Text(f"\n{title}", style="bold"))
        console.print(_rich_table(cells))
    console.print()
    if not all(difference["distinguishable"] for difference in content["differences"]):
        console.print("n.d.: not distinguishable from the baseline, the first row.", markup=False, soft_wrap=True)
    for sentence in [*departures(content), *sentences(content)]:
        console.print(sentence, markup=False, soft_wrap=True)
    create_console().print(f"Tables and plots: {run.folder}\nNext: {run.record['next']}", markup=False, soft_wrap=True)


def _rich_table(cells: Cells) -> Any:
    header, *rows = ([cell.text for cell in row] for row in cells)
    table = create_table(header, numbers=header[1:], folded=[name for name in header if name in FOLDED])
    for row in rows:
        table.add_row(*map(Text, row))
    return table
