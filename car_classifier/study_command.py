"""What `study` does with its file and its options: a comparison whose variants are the file's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.comparison_command import run_comparison
from car_classifier.comparison_plan import ComparisonRequest, VariantPlan
from car_classifier.study import Study, StudyVariant, read_study

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
        UserError: the file is wrong, or an option sets what the study varies.
    """
    name, study = read_study(request.study)
    model = request.settings.get("model.name", study.model)
    rows = [row for row in study.rows() if not row.models or model in row.models]
    _refuse_what_varies(request.settings, rows)
    own = {"data.source": study.data, "model.name": study.model, "training.epochs": study.epochs, "data.limit": study.limit}
    of_file = {setting: value for setting, value in own.items() if value is not None} | study.settings
    shared = {**of_file, **request.settings}
    seeds = request.seeds or study.seeds
    cut = cut_in_words(of_file, rows, request.settings, seeds=seeds, seeds_of_file=study.seeds)
    data = shared["data.source"]
    if len(rows) < 2:
        raise UserError(f"With the model {model!r} one variant of {name} is left: {rows[0].name}. Take another --model.")
    variants = tuple(
        VariantPlan(row.name, _without(row.settings, request.settings), row.hyperparameters, row.published_on(data))
        for row in rows
    )
    notes = (*study.notes, *_notes_on_rows(study, rows), *_notes_on_published(study, variants), *cut)
    return ComparisonRequest(
        command=f"study-{name}", title=study.title, question=study.question, variants=variants, shared=shared,
        seeds=tuple(range(seeds)), data_dir=request.data_dir, run=request.run, runs_dir=request.runs_dir,
        notes=notes,
    )


def _notes_on_rows(study: Study, rows: Sequence[StudyVariant]) -> list[str]:
    left_out = [row for row in study.rows() if row not in rows]
    return [
        *(row.note for row in rows if row.note),
        *(f"Left out: {row.name}, which is there for {', '.join(row.models)} alone." for row in left_out),
    ]


def _refuse_what_varies(given: Mapping[str, Any], rows: Sequence[StudyVariant]) -> None:
    for name in given:
        setters = [row.name for row in rows if name in row.settings]
        if setters and name not in BUDGET:
            raise UserError(
                f"{name} is what the study varies ({', '.join(setters[:4])}{', …' if len(setters) > 4 else ''}), so it cannot "
                "be set for all.\nLeave it out, or write a study file of your own."
            )


def _without(settings: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in given}


def _notes_on_published(study: Study, variants: Sequence[VariantPlan]) -> list[str]:
    shown = study.published_of and any(variant.published is not None for variant in variants)
    return [f"Published figures: {study.published_of}."] if shown else []


def cut_in_words(of_file: Mapping[str, Any], rows: Sequence[StudyVariant], given: Mapping[str, Any], *, seeds: int,
                 seeds_of_file: int) -> list[str]:
    """Return a sentence on how the budget is smaller than the file's; none where it is not."""
    cuts = []
    epochs = max((settings.get("training.epochs") or 0 for settings in (of_file, *(row.settings for row in rows))), default=0)
    if epochs and given.get("training.epochs", epochs) < epochs:
        count = given["training.epochs"]
        cuts.append(f"{count} epoch{'s' if count > 1 else ''} instead of {epochs}")
    limit, full = given.get("data.limit"), of_file.get("data.limit")
    if limit and (full is None or limit < full):
        cuts.append(f"at most {limit} pictures per class instead of {full or 'all'}")
    if seeds < seeds_of_file:
        cuts.append(f"{seeds} seeds instead of {seeds_of_file}" if seeds > 1 else f"one seed instead of {seeds_of_file}")
    if not cuts:
        return []
    return [f"The budget was cut: {', '.join(cuts)}. So small a study says little about the whole one."]
