"""What is checked of a study before anything is read or trained: whether all that it names is there."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UserError, naming
from car_classifier.base.registry import check_name
from car_classifier.config import Config, is_refusal_of
from car_classifier.defaults import default_model
from car_classifier.study import Study, StudyVariant
from car_classifier.study_rows import why_unfit
from data.archive import archive_stem
from data.joining import JOINT
from data.registry import DATASETS
from models.registry import MODELS


def check_study(place: str, study: Study, shared: Mapping[str, Any]) -> None:
    """Raise where a study names what is not there, or a setting has a value that it cannot have.

    Args:
        place: name or file of the study, for the message.
        shared: settings of all variants, `data.source` among them, some of them perhaps of the user instead of the file.

    Raises:
        UserError: the message names the place and the variant, unless it is the user who gave what is wrong.
    """
    of_rows = (row.settings["data.source"] for row in study.rows() if "data.source" in row.settings)
    sources = {study.data, *map(str, (shared["data.source"], *of_rows))}
    for row in study.rows():
        variant = f"{place}, variant {row.name!r}"
        try:
            _check_settings(row, shared)
        except UserError as error:
            of_all = is_refusal_of(study.settings_of_all(), error)
            if is_refusal_of(shared, error) and not of_all:
                raise  # the user gave it
            raise UserError(f"{place if of_all else variant}: {error}") from error
        with naming(variant):
            _check_published(row, sources)


def _check_settings(row: StudyVariant, shared: Mapping[str, Any]) -> None:
    """Raise where one is unknown or wrong; a row that the model cannot have is left out, and need not fit it."""
    settings = {**shared, **row.settings}
    model = settings.get("model.name") or default_model(settings["data.source"])
    if model not in MODELS or why_unfit(row, model) is None:
        Config().override({**settings, "model.name": model})


def _check_published(row: StudyVariant, sources: Collection[str]) -> None:
    """Figures are published of known data sets, or of the study's own: with their folder, or by its name."""
    own = {part for source in sources for part in (source, *source.split(JOINT))}
    known = [*DATASETS, *sorted((own | {measured_name(part) for part in own}) - {*DATASETS})]
    for data in row.published if isinstance(row.published, dict) else ():
        if data not in known:
            with naming("published"):
                for part in data.split(JOINT):
                    check_name("data set", part, known)


def measured_name(source: str, *, like: str | None = None) -> str:
    """Return the name that data of a source have once something is measured on them: of folders and files, their own.

    Args:
        like: a source that is measured; where it joins the same data, they are named in its order.
    """
    if like is not None:
        name, other = measured_name(source), measured_name(like)
        return other if sorted(name.split(JOINT)) == sorted(other.split(JOINT)) else name
    names = []
    for part in source.split(JOINT):
        place = Path(os.path.abspath(part))
        own = place.stem if place.suffix.lower() == ".csv" else archive_stem(place)
        names.append(part if part in DATASETS else own)
    return JOINT.join(names)
