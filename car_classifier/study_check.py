"""What is checked of a study before anything is read or trained: whether all that it names is there."""

from collections.abc import Collection
from pathlib import Path

from car_classifier.base.errors import naming
from car_classifier.base.registry import check_name
from car_classifier.study import Study, StudyVariant
from data.joining import JOINT
from data.registry import DATASETS


def check_study(place: str, study: Study) -> None:
    """Raise where a study names what is not there.

    Args:
        place: name or file of the study, for the message.

    Raises:
        UserError: the message names the place and the variant.
    """
    sources = {study.data, *(str(row.settings["data.source"]) for row in study.rows() if "data.source" in row.settings)}
    for row in study.rows():
        with naming(f"{place}, variant {row.name!r}"):
            _check_published(row, sources)


def _check_published(row: StudyVariant, sources: Collection[str]) -> None:
    """Figures are published of known data sets, or of the study's own: with their folder, or by its name."""
    own = {part for source in sources for part in (source, *source.split(JOINT))}
    known = [*DATASETS, *sorted((own | {Path(part).name for part in own} | {Path(part).stem for part in own}) - {*DATASETS})]
    for data in row.published if isinstance(row.published, dict) else ():
        if data not in known:
            with naming("published"):
                for part in data.split(JOINT):
                    check_name("data set", part, known)
