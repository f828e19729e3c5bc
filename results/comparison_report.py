"""The files of a comparison: comparison.json, table.csv, table.md and plots."""

from pathlib import Path
from typing import Any

from car_classifier.base.counts import describe_count
from car_classifier.base.files import write_json, write_text
from results.comparison_table import (
    COST_TITLE,
    RELOAD_LEGEND,
    STEPS_TITLE,
    accuracy_table,
    cost_table,
    markdown,
    steps_table,
    write_table,
)
from results.comparison_words import chance_in_words, departures, sentences
from results.plots.comparison import plot_accuracies
from results.plots.comparison_time import plot_time
from results.published_table import published_tables


def write_comparison(content: dict[str, Any], folder: Path) -> None:
    """Write all files; comparison.json, which says that they are complete, comes last.

    Args:
        content: what `results.comparison.compare` answered.
        folder: of the comparison's run.
    """
    write_table(folder / "table.csv", content)
    write_text(folder / "table.md", comparison_markdown(content))
    plot_accuracies(content, folder / "plots" / "accuracy.png")
    plot_time(content, folder / "plots" / "time.png")
    write_json(folder / "comparison.json", content)


def comparison_markdown(content: dict[str, Any]) -> str:
    """Return the comparison as Markdown: title, question, how it was cut, table, verdicts, time of each step, command."""
    pictures, seeds = describe_count(content["num_pictures"], "test picture"), content["seeds"]
    about = f"{pictures} of {content['data']}, seed{'s' * (len(seeds) != 1)} {', '.join(map(str, seeds))}."
    legend = f"Intervals are 95 %, {chance_in_words(content)}; n.d.: not distinguishable from the baseline (the first row)."
    parts = [
        f"# {content['title']}", *([content["question"]] if content["question"] else []), *departures(content), about,
        markdown(accuracy_table(content)), legend, "\n".join(f"- {sentence}" for sentence in sentences(content)),
        *(part for title, cells in published_tables(content).items() for part in (f"## {title}", markdown(cells))),
        f"## {COST_TITLE}", markdown(cost_table(content)),
        f"## {STEPS_TITLE}", markdown(steps_table(content)), RELOAD_LEGEND, f"Reproduce with `{content['command']}`.",
    ]
    return "\n\n".join(parts) + "\n"
