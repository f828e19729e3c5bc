"""What `study` does with its file and its options: a comparison whose variants are the file's."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.comparison_command import run_comparison
from car_classifier.comparison_plan import ComparisonRequest, VariantPlan
from car_classifier.config import Config
from car_classifier.defaults import resolve_config
from car_classifier.places import data_home
from car_classifier.prepared_data import read_source
from car_classifier.study import Study, StudyVariant, read_study
from car_classifier.study_check import check_study, measured_name
from car_classifier.study_first import notes_on_small_runs, with_given
from car_classifier.study_rows import RowPlaces, filled, settings_of, why_left_out
from car_classifier.study_words import HEAD_EPOCHS, changes_in_words, head_epochs_of, rows_in_words
from results.published import Published

# What a study is of: the hyper-parameters of a row leave these to the file, as `train` leaves the pictures to its options.
OF_STUDY = ("data.source", "data.classes", "data.label_level", "model.name", "model.weights")
OF_PICTURES = ("data.image_size", "data.cut_to_box")  # with these, figures of the same data may stand beside published ones
BUDGET = ("training.epochs", "data.limit")  # an option for these holds for all variants, whatever the file says


@dataclass(frozen=True, kw_only=True)
class StudyRequest:
    """The options of `study`.

    Args:
        study: name or file.
        settings: that the user gave, by dotted name, `data.source` perhaps among them; they go before those of the file.
        seeds: how many; None: as in the file.
        data_dir, run, runs_dir: as in `SettingsRequest`.
    """

    study: str
    settings: Mapping[str, Any]
    seeds: int | None
    data_dir: Path | None
    run: str | None
    runs_dir: Path


def run_study(request: StudyRequest) -> dict[str, Any]:
    """Run a study, or go on with it, or show what it found; return the summary."""
    return run_comparison(comparison_of(request))


def comparison_of(request: StudyRequest) -> ComparisonRequest:
    """Return the comparison that a study is.

    Raises:
        UserError: the file is wrong, an option sets what the study varies, or too few variants can be trained.
    """
    name, of_file = read_study(request.study)
    asked = _typed(request.settings, of_file)
    _refuse_what_varies(asked, of_file)
    study, given = _with_head_epochs(of_file, asked)
    shared = study.shared_with(given)
    check_study(request.study, study, shared)
    _check_classes(study, given, data_home(request.data_dir))
    study = with_given(study, given)
    places = RowPlaces(request.runs_dir, data_home(request.data_dir) / "weights", _options(request))
    reasons = {row.name: why_left_out(row, shared, places, first=study.first) for row in study.rows()}
    rows = [row for row in study.rows() if reasons[row.name] is None]
    _refuse_too_few(name, rows, reasons)
    seeds = request.seeds or study.seeds
    variants = tuple(_variant(row, study, shared, given) for row in rows)
    first = []
    if study.first and "model.weights" not in given:
        first = [f"Needed first: {filled(study.first, settings_of(rows[0], shared), places)}"]
    notes = (*study.notes, *first, *rows_in_words(rows, reasons), *notes_on_small_runs(study, rows, shared, places),
             *changes_in_words(of_file, rows, asked, seeds=seeds))
    yielding = frozenset(study.settings_of_all()).difference(given, OF_STUDY, BUDGET)
    return ComparisonRequest(
        command=f"study-{name}", title=study.title, question=study.question, variants=variants, shared=shared,
        yielding=yielding, seeds=tuple(range(seeds)), data_dir=request.data_dir, run=request.run, runs_dir=request.runs_dir,
        notes=notes, published_of=study.published_of,
    )


def _options(request: StudyRequest) -> str:
    """The options that lead another command to the same places."""
    runs = [] if request.runs_dir == Path("runs") else ["--runs-dir", str(request.runs_dir)]
    data = [] if request.data_dir is None else ["--data-dir", str(request.data_dir)]
    return shlex.join([*data, *runs])


def _variant(row: StudyVariant, study: Study, shared: Mapping[str, Any], given: Mapping[str, Any]) -> VariantPlan:
    settings = {name: value for name, value in row.settings.items() if name not in BUDGET or name not in given}
    accuracy = row.published if isinstance(row.published, dict) else {study.data: row.published}
    published = Published(
        accuracy={measured_name(data, like=shared["data.source"]): value for data, value in accuracy.items()
                  if value is not None},
        gflops=row.published_gflops, weights=row.published_weights,
        same_conditions=_conditions(row, shared) == _conditions(row, study.shared_with({"data.source": shared["data.source"]})),
    )
    return VariantPlan(row.name, settings, row.hyperparameters, published)


def _conditions(row: StudyVariant, shared: Mapping[str, Any]) -> tuple:
    """What must be as in the file for published figures of the same data to stand beside ours."""
    settings = {name: value for name, value in settings_of(row, shared).items() if name in (*OF_STUDY, *OF_PICTURES)}
    config = resolve_config(Config().override(settings), set(settings))
    data, model = config.data, config.model
    return data.classes, data.label_level, data.image_size, data.cut_to_box, model.name, model.weights != "none"


def _typed(given: Mapping[str, Any], study: Study) -> dict[str, Any]:
    """Numbers as such, even where the user wrote them as texts; what is wrong stays, and is told with its variant."""
    model = given.get("model.name", study.model)
    typed = {}
    for name, value in given.items():
        try:
            settings = {"model.name": model} if model else {}
            known = dict(Config().override({**settings, name: value}).flat())[name]
        except UserError:
            known = value
        typed[name] = known if isinstance(value, str | float) and isinstance(known, int | float) else value
    return typed


def _check_classes(study: Study, given: Mapping[str, Any], home: Path) -> None:
    """Raise where other data than those of the file lack its classes, before the user does what has to be done first."""
    shared = study.shared_with(given)
    if "data.classes" not in study.settings or "data.classes" in given or shared["data.source"] == study.data:
        return
    asked = {name: shared[name] for name in ("data.source", "data.classes", "data.label_level") if name in shared}
    try:
        read_source(Config().override({**asked, "data.directory": str(home)}))
    except UnknownNameError as error:
        raise UserError(
            f"{shared['data.source']} lacks what the study is about, classes of {study.data}. {error}\n"
            "Pass --set 'data.classes=[…]' with classes of these data, and --weights with a run that has learnt others of them."
        ) from error


def _with_head_epochs(study: Study, given: Mapping[str, Any]) -> tuple[Study, Mapping[str, Any]]:
    """Give the epochs of the head that the user wants to the rows that have some; the others are not to get any."""
    if HEAD_EPOCHS not in given or head_epochs_of(study) is None:
        return study, given
    Config().override({HEAD_EPOCHS: given[HEAD_EPOCHS]})  # a wrong value is the user's, and of no variant
    variants = tuple(
        row.model_copy(update={"settings": {**row.settings, HEAD_EPOCHS: given[HEAD_EPOCHS]}})
        if row.settings.get(HEAD_EPOCHS) else row for row in study.variants
    )
    rest = {name: value for name, value in given.items() if name != HEAD_EPOCHS}
    return study.model_copy(update={"variants": variants}), rest


def _refuse_what_varies(given: Mapping[str, Any], study: Study) -> None:
    """What the file sets for all may be set otherwise for all: rows with a value of their own keep it."""
    for name, value in given.items():
        setters = [row.name for row in study.rows() if name in row.settings]
        of_budget = name in BUDGET or (name == HEAD_EPOCHS and head_epochs_of(study) is not None)
        if of_budget and name == HEAD_EPOCHS and value == 0:
            raise UserError(f"{name}=0: rows that train their heads first would be others without it. Expected: 1 or more.")
        if setters and (name in study.grid or not of_budget and name not in study.settings_of_all()):
            raise UserError(
                f"{name} is what the study varies ({', '.join(setters[:4])}{', …' if len(setters) > 4 else ''}), so it cannot "
                "be set for all.\nLeave it out, or write a study file of your own."
            )


def _refuse_too_few(name: str, rows: list[StudyVariant], reasons: Mapping[str, str | None]) -> None:
    if len(rows) >= 2:
        return
    left = f"one variant of {name} is left: {rows[0].name}" if rows else f"no variant of {name} is left"
    why: dict[str, list[str]] = {}
    for row, reason in reasons.items():
        if reason:
            why.setdefault(reason, []).append(row)
    lines = [f"Left out: {', '.join(names)}; {reason}" for reason, names in why.items()]
    raise UserError("\n".join([f"There is nothing to compare: {left}.", *lines[:2]]))
