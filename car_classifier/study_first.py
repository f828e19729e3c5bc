"""What has to be done before a study, such as the search whose winner is a row: as the user asked for the study itself."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from car_classifier.base.counts import describe_count
from car_classifier.base.files import read_json
from car_classifier.config import value_text
from car_classifier.study import Study, StudyVariant
from car_classifier.study_rows import RowPlaces, filled, settings_of

EPOCHS, LIMIT, CLASSES = "training.epochs", "data.limit", "data.classes"
OPTIONS = {LIMIT: "--limit", EPOCHS: "--epochs", "data.image_size": "--image-size", "training.batch_size": "--batch-size"}
OF_COMMAND = ("data.source", "model.name", "model.weights", "seed")  # the command says it already, or it is not its concern
TRAINS = re.compile(r"-m car_classifier (train|search) ")
NAME = re.compile(r'"([^"]*)"')
RUN = re.compile(r" --run (\S+)")


def with_given(study: Study, given: Mapping[str, Any]) -> Study:
    """Return the study with `first` commands that have the settings which the user gave for the study.

    A command that trains longer or shorter than the study keeps its epochs where the user asks for more. Where the study
    itself limits pictures, it asks what few of them are good for, and what comes first has all.

    Args:
        given: by dotted name.
    """
    variants = tuple(row.model_copy(update={"first": _changed(row.first, study, given)}) for row in study.variants)
    return study.model_copy(update={"first": _changed(study.first, study, given), "variants": variants})


def notes_on_small_runs(study: Study, rows: Sequence[StudyVariant], shared: Mapping[str, Any], places: RowPlaces) -> list[str]:
    """Return a sentence on each run that rows start from and that had fewer epochs or pictures than its command now has.

    Args:
        rows: that are there.
        shared, places: as `why_left_out` takes them.
    """
    notes = {}
    for row in rows:
        first, settings = row.first or study.first or "", settings_of(row, shared)
        run = RUN.search(filled(first, settings, places))
        folder = places.runs_dir / run[1] if run and run[1] in (row.hyperparameters, settings["model.weights"]) else None
        less = _less(first, read_json(folder / "config.json")) if folder and (folder / "config.json").is_file() else []
        if less:
            notes[folder] = (f"{folder} had {' and '.join(less)}, which is less than its command now has. Remove it to make it "
                             f"anew: {filled(first, settings, places)}")
    return list(notes.values())


def _changed(first: str | None, study: Study, given: Mapping[str, Any]) -> str | None:
    if first is None or TRAINS.search(first) is None:
        return first
    if _learns_other_classes(first, study, given):
        return "train a network of this model on other classes of these data, and pass --weights with its run"
    carried = {name: value for name, value in given.items()
               if name not in OF_COMMAND and not (name == CLASSES and f"{CLASSES}=" in first)}
    own = _number(first, "--epochs")
    if own not in (None, study.epochs) and EPOCHS in carried:
        carried[EPOCHS] = min(own, carried[EPOCHS])
    if study.limit is not None:
        carried.pop(LIMIT, None)
    for name, value in carried.items():
        first = _with(first, name, value)
    return first


def _learns_other_classes(first: str, study: Study, given: Mapping[str, Any]) -> bool:
    """Whether a command names classes which data of the user's lack, or which the study is now about itself."""
    of_command = re.search(rf"{CLASSES}=\[([^\]]*)\]", first)
    if of_command is None or CLASSES not in given:
        return False
    learnt = set(NAME.findall(of_command[1]))
    return given.get("data.source", study.data) != study.data or bool(learnt & set(given[CLASSES] or learnt))  # none: all


def _with(first: str, name: str, value: Any) -> str:
    """The command with a setting: in the place of its own value, else before the name of its run."""
    by_name = name in OPTIONS and value is not None
    words = f" {OPTIONS[name]} {value}" if by_name else f" --set {shlex.quote(f'{name}={value_text(value)}')}"
    setting = re.escape(name)
    own = rf" --(?:set|range) (?:'{setting}=[^']*'|{setting}=\S+)" + (rf"| {OPTIONS[name]} \S+" if name in OPTIONS else "")
    changed, count = re.subn(own, lambda _: words, first, count=1)
    if count:
        return changed
    mark = next((mark for mark in (" --run ", "{places}") if mark in first), None)
    return first.replace(mark, words + mark, 1) if mark else first + words


def _number(first: str, option: str) -> int | None:
    found = re.search(rf" {option} (\d+)", first)
    return int(found[1]) if found else None


def _less(first: str, there: Mapping[str, Any]) -> list[str]:
    """What a run had less of than its command would give it."""
    epochs, limit = _number(first, "--epochs"), _number(first, "--limit")
    had, pictures = there.get(EPOCHS), there.get(LIMIT)
    less = [describe_count(had, "epoch")] if had and epochs and had < epochs else []
    few = pictures is not None and (limit is None or pictures < limit)
    return less + ([f"at most {describe_count(pictures, 'picture')} a class"] if few else [])
