"""Predictions as a CSV file, written line by line."""

import csv
from typing import TextIO

from car_classifier.prediction import Prediction
from results.tables import printable


class PredictionCsv:
    """A line per picture: answer, whether it is unknown, set, best classes, or why it was skipped.

    Args:
        file: open for text, without translation of line ends.
        top: classes per line.
    """

    def __init__(self, file: TextIO, *, top: int):
        self._writer, self._top = csv.writer(file, lineterminator="\n"), top
        numbers = range(1, top + 1)
        self._writer.writerow([
            "file", "answer_level", "answer", "answer_probability", "unknown", "set", *(f"class_{n}" for n in numbers),
            *(f"probability_{n}" for n in numbers), "skipped",
        ])

    def add(self, prediction: Prediction) -> None:
        """Write a line."""
        answer, classes = prediction.answer, prediction.classes
        said = (answer.level, answer.name, _number(answer.probability)) if answer is not None else ("", "", "")
        padding = [""] * (self._top - len(classes))
        self._writer.writerow([
            printable(prediction.file), *said, {None: "", True: "yes", False: "no"}[prediction.unknown],
            "; ".join(prediction.members or ()), *(name for name, _ in classes), *padding,
            *(_number(probability) for _, probability in classes), *padding, prediction.skipped or "",
        ])


def _number(value: float) -> str:
    return f"{value:.9g}"  # enough to read a float32 back exactly
