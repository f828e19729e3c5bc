"""Tables that a run leaves behind: history.csv, predictions.csv and the classification report."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.errors import DataError
from car_classifier.base.files import atomic_path
from results.running_metrics import METRICS

HISTORY_COLUMNS = (
    "epoch",
    "phase",
    *METRICS,
    *(f"val_{metric}" for metric in METRICS),
    "learning_rate",
    "seconds",
    "cpu_seconds",
    "data_wait",
)
NUM_ANSWERS = 5


def write_history(path: Path | str, rows: Iterable[dict[str, Any]]) -> None:
    """Write history.csv atomically: a line per epoch, columns as in HISTORY_COLUMNS, floats that read back exactly.

    Args:
        path: the file.
        rows: `epoch` (integer), `phase` (text) and numbers; a missing key or None leaves the field empty.

    Raises:
        ValueError: a row has a key that is no column.
    """
    rows = list(rows)
    unknown = {key for row in rows for key in row} - set(HISTORY_COLUMNS)
    if unknown:
        raise ValueError(f"history.csv has no column {sorted(unknown)}. Columns: {', '.join(HISTORY_COLUMNS)}.")
    _write(path, HISTORY_COLUMNS, ([_field(name, row.get(name)) for name in HISTORY_COLUMNS] for row in rows))


def read_history(path: Path | str) -> list[dict[str, Any]]:
    """Read history.csv: a dict per epoch with every column; an empty field is None.

    Raises:
        DataError: the file is missing, or is no history.csv.
    """
    try:
        with open(path, newline="", encoding="utf-8") as file:
            header, *lines = csv.reader(file)
        if tuple(header) != HISTORY_COLUMNS:
            raise ValueError(f"its columns are {', '.join(header)}")
        return [dict(zip(header, map(_value, header, line), strict=True)) for line in lines]
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing.") from error
    except ValueError as error:
        raise DataError(f"{path} is damaged or not a history.csv: {error}.") from error


def write_predictions(
    path: Path | str,
    files: Sequence[Path | str],
    *,
    labels: np.ndarray | None,
    probabilities: np.ndarray,
    class_names: Sequence[str],
) -> None:
    """Write predictions.csv atomically: file, true_class, class_1 … class_5, probability_1 … probability_5, best first.

    Args:
        path: the file.
        files: N names of pictures.
        labels: true class, integers [N], or None where it is not known: the field stays empty.
        probabilities: float32 [N, C], written so that they read back exactly as float32.
        class_names: C names. With fewer than five classes the last fields stay empty.
    """
    header = ["file", "true_class", *answer_columns()]
    lines = (
        [
            printable(file),
            "" if labels is None else class_names[labels[index]],
            *answer_fields(probabilities[index], class_names),
        ]
        for index, file in enumerate(files)
    )
    _write(path, header, lines)


def answer_columns(count: int = NUM_ANSWERS) -> list[str]:
    """Return the names of the columns that `answer_fields` fills."""
    numbers = range(1, count + 1)
    return [*(f"class_{n}" for n in numbers), *(f"probability_{n}" for n in numbers)]


def answer_fields(probabilities: np.ndarray, class_names: Sequence[str], *, count: int = NUM_ANSWERS) -> list[str]:
    """Return `count` names and then their probabilities as text, best first; of fewer classes the last stay empty.

    Args:
        probabilities: float32 [C] of one picture.
        class_names: C names.
    """
    best = best_classes(probabilities, count)
    padding = [""] * (count - len(best))
    return [*(class_names[answer] for answer in best), *padding, *(str(probabilities[answer]) for answer in best), *padding]


def best_classes(probabilities: np.ndarray, count: int) -> np.ndarray:
    """Return the most probable classes of one picture, best first; of equals the first class.

    Args:
        probabilities: [C].
        count: at most this many.
    """
    return np.argsort(-probabilities, kind="stable")[:count]


def classification_report(figures: dict[str, Any]) -> str:
    """Return precision, recall, F1 and support per class, accuracy, macro and weighted averages as a text table.

    Args:
        figures: what `classification_figures` answers. What is None is shown as a dash.
    """
    support = figures["num_pictures"]
    columns = ("class_name", "precision", "recall", "f1", "support")
    rows = [[row[column] for column in columns] for row in figures["per_class"]]
    ends = [["accuracy", "", "", figures["accuracy"], support]]
    for average in ("macro", "weighted"):
        scores = [figures[f"{name}_{average}"] for name in ("precision", "recall", "f1")]
        ends.append([f"{average} avg", *scores, support])
    width = max(len(row[0]) for row in rows + ends)
    lines = [_report_line(row, width) for row in (["", "precision", "recall", "f1-score", "support"], *rows)]
    return "\n".join([*lines, "", *(_report_line(row, width) for row in ends)]) + "\n"


def _report_line(row: list[Any], width: int) -> str:
    name, *scores, support = row
    cells = ["-" if score is None else f"{score:.4f}" if isinstance(score, float) else score for score in scores]
    return f"{name:>{width}}  " + "".join(f"{cell:>11}" for cell in [*cells, support])


def _field(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "phase":
        return str(value)
    return str(int(value)) if name == "epoch" else repr(float(value))


def _value(name: str, text: str) -> Any:
    if text == "":
        return None
    if name == "phase":
        return text
    return int(text) if name == "epoch" else float(text)


def printable(file: Path | str) -> str:
    """Return a file's name as text that can be written as UTF-8."""
    # A name that is no UTF-8 on disk must not stop the table: its odd bytes are shown as \udcXX.
    return str(file).encode("utf-8", "backslashreplace").decode("utf-8")


def _write(path: Path | str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with atomic_path(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
