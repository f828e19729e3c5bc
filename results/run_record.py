"""A finished training as its folder tells it: all that its page and its model card are made from."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json
from results.answers import Answers, read_answers
from results.evaluated import find_evaluation
from results.run_store import read_record
from results.tables import read_history
from results.trained_run import kind_in_words


@dataclass(frozen=True, eq=False)
class RunRecord:
    """A training that is done.

    Args:
        folder: of the run.
        run: content of run.json.
        settings: content of config.json.
        data: content of data.json.
        history: rows of history.csv.
        split: "test" or "validation": what `evaluation` is about; None where there is none.
        evaluation: content of evaluation.json; None where there is none.
        answers: content of predictions.csv; None where there is none.
        evaluation_folder: where these two lie, and `plots/` with them.
    """

    folder: Path
    run: dict[str, Any]
    settings: dict[str, Any]
    data: dict[str, Any]
    history: tuple[dict[str, Any], ...]
    split: str | None
    evaluation: dict[str, Any] | None
    answers: Answers | None
    evaluation_folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        """What the training printed at its end."""
        return self.run["summary"]

    @property
    def class_names(self) -> tuple[str, ...]:
        """In the order of the labels."""
        return tuple(self.data["class_names"])

    @property
    def seed(self) -> int:
        """Of the run."""
        return self.settings["seed"]


def read_run(folder: Path) -> RunRecord:
    """Read a run; its evaluation on the test split is preferred, then one on validation.

    Raises:
        UserError: it is no training, or not done.
        DataError: a file is missing or damaged.
    """
    run = read_record(folder)
    if run["kind"] != "train":
        raise UserError(f"{folder} is a {kind_in_words(run['kind'])}, not a training.")
    if run["status"] != "done":
        raise UserError(f"{folder} is not done: its status is {run['status']!r}. Type its command again to finish it.")
    record = RunRecord(
        folder, run, read_json(folder / "config.json"), read_json(folder / "data.json"),
        tuple(read_history(folder / "history.csv")), None, None, None, folder,
    )
    for split in ("test", "validation"):
        place = find_evaluation(folder, split, run["summary"])
        if place is not None:
            return with_evaluation(record, place, split)
    return record


def with_evaluation(record: RunRecord, place: Path, split: str) -> RunRecord:
    """Return the record with the evaluation of a split that lies in the folder `place`."""
    answers = read_answers(place / "predictions.csv", record.class_names)
    evaluation = read_json(place / "evaluation.json")
    return replace(record, split=split, evaluation=evaluation, answers=answers, evaluation_folder=place)
