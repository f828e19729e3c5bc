"""One training of a comparison, as its folder tells it."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import read_json
from results.run_store import read_record

FEATURES_STEP = "features"  # paid by the first of several runs on the same frozen backbone, so not counted as its time


@dataclass(frozen=True)
class Member:
    """A finished training.

    Args:
        folder: of the run.
        seed: that it was trained with.
        settings: every setting, by dotted name.
        record: content of its run.json.
        answers: file of each test picture (relative to the folder that holds all) to its true class and the answer.
        reused: whether it was there before the comparison.
        peak_memory: bytes, of the process that trained it; None where nobody measured.
        cost: `parameters`, `trainable_parameters` and `gflops` of its model.
    """

    folder: Path
    seed: int
    settings: dict[str, Any]
    record: dict[str, Any]
    answers: dict[str, tuple[str, str]]
    reused: bool
    peak_memory: int | None
    cost: dict[str, Any]

    @property
    def summary(self) -> dict[str, Any]:
        """What the training printed at its end."""
        return self.record["summary"]

    @property
    def seconds(self) -> dict[str, float]:
        """Wall-clock and CPU seconds of all steps, the making of features left out."""
        steps = [step for name, step in self.record["steps"].items() if name != FEATURES_STEP]
        return {name: sum(step[name] for step in steps) for name in ("seconds", "cpu_seconds")}


def read_member(folder: Path, *, reused: bool, cost: dict[str, Any], peak_memory: int | None = None) -> Member:
    """Read a finished training; its test split is not opened, its answers of then are read.

    Raises:
        UserError: it is no finished training, or was not evaluated on a test split.
        DataError: a file is damaged.
    """
    record, settings = read_record(folder), read_json(folder / "config.json")
    check_comparable(folder, record)
    return Member(folder, settings["seed"], settings, record, _read_answers(folder / "predictions.csv"), reused, peak_memory,
                  cost)


def check_comparable(folder: Path, record: dict[str, Any]) -> None:
    """Raise when a run has no answers on a test split to compare.

    Raises:
        UserError: says which run, and what to do.
    """
    if record["kind"] != "train":
        raise UserError(f"{folder} is a {record['kind']}, not a training. Give runs of `train`.")
    if record["status"] != "done":
        raise UserError(f"{folder} is not done: its status is {record['status']!r}. Type its command again to finish it.")
    if record["summary"]["test"] is None:
        raise UserError(
            f"{folder} was not evaluated on a test split, and validation pictures have chosen its best epoch.\n"
            "Compare runs on data with a test split, trained without --evaluate-on."
        )


def _read_answers(path: Path) -> dict[str, tuple[str, str]]:
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = [(row["file"], row["true_class"], row["class_1"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{path} is missing or damaged: {error}. Train the run anew under another name.") from error
    root = os.path.commonpath([os.path.dirname(name) for name, *_ in rows])
    return {os.path.relpath(name, root).replace(os.sep, "/"): (true, answer) for name, true, answer in rows}
