"""One training of a comparison, as its folder tells it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json
from results.answers import read_answers
from results.evaluated import find_evaluation
from results.run_store import read_record

FEATURES_STEP = "features"  # paid by the first of several runs on the same frozen backbone, so not counted as its time
_LATER_STEPS = "evaluate "  # begins the names of what `evaluate` adds to the steps of a training that is done


@dataclass(frozen=True)
class Member:
    """A finished training.

    Args:
        folder: of the run.
        seed: that it was trained with.
        settings: every setting, by dotted name.
        record: content of its run.json.
        class_names: in the order of the labels.
        answers: file of each test picture (relative to the folder that holds all) to its true class and the answer.
        reused: whether it was there before the comparison.
        peak_memory: bytes, of the process that trained it; None where nobody measured.
        cost: `parameters`, `trainable_parameters` and `gflops` of its model.
    """

    folder: Path
    seed: int
    settings: dict[str, Any]
    record: dict[str, Any]
    class_names: tuple[str, ...]
    answers: dict[str, tuple[str, str]]
    reused: bool
    peak_memory: int | None
    cost: dict[str, Any]

    @property
    def summary(self) -> dict[str, Any]:
        """What the training printed at its end."""
        return self.record["summary"]

    @property
    def steps(self) -> dict[str, dict[str, float]]:
        """Wall-clock and CPU seconds of each step of the training, without evaluations that came later."""
        return {name: step for name, step in self.record["steps"].items() if not name.startswith(_LATER_STEPS)}

    @property
    def seconds(self) -> dict[str, float]:
        """Wall-clock and CPU seconds of all steps, the making of features left out."""
        steps = [step for name, step in self.steps.items() if name != FEATURES_STEP]
        return {name: sum(step[name] for step in steps) for name in ("seconds", "cpu_seconds")}


def read_member(folder: Path, *, reused: bool, cost: dict[str, Any], peak_memory: int | None = None) -> Member:
    """Read a finished training; its test split is not opened, its answers of then are read.

    Raises:
        UserError: it is no finished training, or was not evaluated on a test split.
        DataError: a file is damaged.
    """
    record, settings = read_record(folder), read_json(folder / "config.json")
    names = tuple(read_json(folder / "data.json")["class_names"])
    answers = _read_answers(_comparable(folder, record) / "predictions.csv", names)
    return Member(folder, settings["seed"], settings, record, names, answers, reused, peak_memory, cost)


def check_comparable(folder: Path, record: dict[str, Any]) -> None:
    """Raise when a run has no answers on a test split to compare.

    Raises:
        UserError: says which run, and what to do.
    """
    _comparable(folder, record)


def _comparable(folder: Path, record: dict[str, Any]) -> Path:
    """Return where the answers of a run lie, as `check_comparable` wants them."""
    if record["kind"] != "train":
        kind = {"compare": "comparison"}.get(record["kind"], record["kind"])
        raise UserError(f"{folder} is a {kind}, not a training. Give runs of `train`.")
    if record["status"] != "done":
        raise UserError(f"{folder} is not done: its status is {record['status']!r}. Type its command again to finish it.")
    place = find_evaluation(folder, "test", record["summary"])
    if place is None:
        raise UserError(
            f"{folder} was not evaluated on a test split, and validation pictures have chosen its best epoch.\n"
            f"Where its data have one: python -m car_classifier evaluate {folder} --split test"
        )
    return place


def _read_answers(path: Path, class_names: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    answers = read_answers(path, class_names)
    root = os.path.commonpath([os.path.dirname(name) for name in answers.files])
    pairs = zip(answers.labels, answers.classes[:, 0], strict=True)
    named = [(class_names[true], class_names[answer]) for true, answer in pairs]
    return {os.path.relpath(name, root).replace(os.sep, "/"): pair for name, pair in zip(answers.files, named, strict=True)}
