"""The model card of a training, in Markdown: the facts of the run under the usual headings, and what is not known.

Reference: M. Mitchell et al., Model Cards for Model Reporting, FAT* 2019, https://arxiv.org/abs/1810.03993
"""

from pathlib import Path
from typing import Any

from car_classifier.base.files import write_text
from results.calibration import temperature_remark
from results.cost_words import gflops_text
from results.figure_words import figure_rows, intervals_in_words
from results.mistakes import confused_pairs
from results.page import render_text
from results.run_record import RunRecord
from results.run_words import command_text, data_in_words, pair_in_words, share_text, training_in_words

_NUM_NAMED = 5


def write_model_card(record: RunRecord, path: Path) -> None:
    """Write the card atomically.

    Args:
        record: the run.
        path: the file.
    """
    trained = record.data["counts_per_class"]["train"]
    duplicates = record.data.get("duplicates")
    across = duplicates and [group for group in duplicates if len(set(group["splits"])) > 1]
    figures, cost = record.evaluation or {}, record.run.get("cost")
    text = render_text(
        "model_card.md", record=record, settings=record.settings, name=record.folder.name, training=training_in_words(record),
        command=command_text(record), cost=cost, gflops=cost and gflops_text(cost["gflops"]),
        figures=[row[1:] for row in figure_rows(figures)],
        **_classes(record), data_notes=data_in_words(record), duplicates=None if duplicates is None else len(across or ()),
        fewest=min(trained), most=max(trained), intervals_in_words=intervals_in_words(figures),
        remark=temperature_remark(figures.get("temperature", 1.0)),
        gap=100 * figures.get("expected_calibration_error", 0.0),
        chance=figures.get("expected_calibration_error_by_chance"),
    )
    write_text(path, text)


def _classes(record: RunRecord) -> dict[str, Any]:
    """The classes that are recognised worst and best, and the pairs that are confused most."""
    if record.evaluation is None or record.answers is None:
        return {"classes": [], "worst": [], "best": [], "pairs": []}
    rows = sorted((row for row in record.evaluation["per_class"] if row["support"]), key=lambda row: row["recall"])
    named = [{"name": row["class_name"], "recall": share_text(row["recall"], 0), "support": row["support"]} for row in rows]
    words = [
        pair_in_words(record.class_names[pair.first], record.class_names[pair.second], count=pair.count, back=pair.back,
                      totals=pair.totals)
        for pair in confused_pairs(record.answers)[:_NUM_NAMED]
    ]
    return {"classes": named, "worst": named[:_NUM_NAMED], "best": named[::-1][:1], "pairs": words}
