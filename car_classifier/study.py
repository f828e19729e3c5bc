"""Studies: what varies, over which data, with which seeds and budget, as a small declarative file."""

import itertools
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.study_mistakes import StudyMistakes

STUDIES = Path(__file__).parent / "studies"


def _flat(value: Any) -> Any:
    """Settings by dotted name, which TOML reads as nested tables."""
    if not isinstance(value, dict):
        return value
    pairs: dict[str, Any] = {}
    for name, inner in value.items():
        pairs |= {f"{name}.{rest}": one for rest, one in inner.items()} if isinstance(inner, dict) else {name: inner}
    return pairs


Settings = Annotated[dict[str, Any], BeforeValidator(_flat)]


def _per_cent(value: Any) -> Any:
    """An accuracy that others published, or a table of such by data."""
    for one in value.values() if isinstance(value, dict) and value else [value]:
        if isinstance(one, bool) or not isinstance(one, int | float) or not 0 <= one <= 100:
            raise ValueError(
                "expected an accuracy in per cent, from 0 to 100, or a table of such by name of the data, as { cub200 = 89.5 }"
                f". Received: {value!r}"
            )
    return value


class StudyVariant(BaseModel):
    """One row of a study.

    Args:
        name: short and its own.
        settings: what sets it apart, by dotted name.
        hyperparameters: "default", a run or a file, as `train --hyperparameters` takes it.
        published: accuracy in per cent that others found with it: one number by name of the data, or one number, of the
            study's own data.
        published_gflops: that others counted for one picture.
        published_weights: that others counted, in millions.
        models: names of those that can have it; with another model the row is left out. None named: all.
        stages: fewest stages of a model that can have it; with another model the row is left out.
        pretrained: whether the row makes sense only for a model that starts from trained weights.
        first: what the user has to do first; the row is left out as long as its run or its weights are not there. None: as
            of the whole study.
        note: a sentence that the reader should know where the row is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    settings: Settings = Field(default_factory=dict)
    hyperparameters: str = "default"
    published: Annotated[float | dict[str, float] | None, BeforeValidator(_per_cent)] = None
    published_gflops: Annotated[float, Field(gt=0)] | None = None
    published_weights: Annotated[float, Field(gt=0)] | None = None
    models: tuple[str, ...] = ()
    stages: Annotated[int, Field(ge=0)] = 0
    pretrained: bool = False
    first: str | None = None
    note: str | None = None


class Study(BaseModel):
    """The content of a study file.

    Args:
        title: of tables and plots.
        question: what the study is to answer.
        data: name of a data set, or a folder.
        model: of all variants but those that set `model.name`; None: the data's own, or each variant sets it.
        weights: published weights of `model`; another model that the user names has its own default.
        epochs: most epochs of each training; None: the default, or each variant sets `training.epochs`.
        limit: most pictures per class in each split; None: all.
        seeds: how many trainings of each variant.
        baseline: name of the variant that all others are compared with; None: the first.
        settings: of all variants, by dotted name; the hyper-parameters of a variant go before them, and its settings before
            both.
        variants: the rows; or
        grid: a setting to its values: every combination is a row.
        first: what the user has to do before rows that start from a run; without it they are left out. `{model}` and
            `{data}` in it stand for their names, `{places}` for the options --data-dir and --runs-dir if they were given.
        published_of: what the published figures were measured on: model, data, source.
        notes: sentences that the reader should know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    title: str
    question: str
    data: str = "demo"
    model: str | None = None
    weights: str | None = None
    epochs: Annotated[int, Field(ge=1)] | None = None
    limit: Annotated[int, Field(ge=1)] | None = None
    seeds: Annotated[int, Field(ge=1)] = 3
    baseline: str | None = None
    settings: Settings = Field(default_factory=dict)
    variants: tuple[StudyVariant, ...] = ()
    grid: Settings = Field(default_factory=dict)
    first: str | None = None
    published_of: str | None = None
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_be_compared(self) -> "Study":
        if bool(self.variants) == bool(self.grid):
            raise ValueError("a study has either `variants` or a `grid`, not both and not neither")
        if not all(isinstance(values, list) and values for values in self.grid.values()):
            raise ValueError("each setting of `grid` needs a list of values")
        names = [variant.name for variant in self.rows()]
        if self.rows()[0].models or self.rows()[0].stages:
            raise ValueError(f"the baseline must be there with every model: take `models` and `stages` from {names[0]!r}")
        if len(names) < 2 or len(set(names)) < len(names):
            raise ValueError(f"a study needs at least two variants, each of another name. Received: {names}")
        if self.baseline is not None and self.baseline not in names:
            raise ValueError(f"`baseline` must be one of {names}. Received: {self.baseline!r}")
        return self

    def settings_of_all(self) -> dict[str, Any]:
        """Return what the file sets for all variants, by dotted name."""
        own = {"data.source": self.data, "model.name": self.model, "model.weights": self.weights,
               "training.epochs": self.epochs, "data.limit": self.limit}
        return {setting: value for setting, value in own.items() if value is not None} | self.settings

    def shared_with(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings of all variants where the user gave some, which go before those of the file."""
        of_file = self.settings_of_all()
        if given.get("model.name", self.model) != self.model and self.weights is not None:
            del of_file["model.weights"]  # of another model
        return {**of_file, **given}

    def rows(self) -> tuple[StudyVariant, ...]:
        """Return all variants, the baseline first."""
        rows = self.variants or tuple(_of_grid(self.grid))
        return tuple(sorted(rows, key=lambda variant: variant.name != self.baseline)) if self.baseline else rows


def _of_grid(grid: Mapping[str, list[Any]]) -> Iterable[StudyVariant]:
    for values in itertools.product(*grid.values()):
        settings = dict(zip(grid, values, strict=True))
        parts = (f"{name.rpartition('.')[2]}={one if isinstance(one, str) else json.dumps(one)}"
                 for name, one in settings.items())
        yield StudyVariant(name=", ".join(parts), settings=settings)


def known_studies() -> dict[str, Path]:
    """Return the files of the ready-made studies by name."""
    return {path.stem: path for path in sorted(STUDIES.glob("*.toml"))}


def read_study(name: str) -> tuple[str, Study]:
    """Return the short name and the content of a study.

    Args:
        name: of a ready-made one, or a TOML file.

    Raises:
        UserError: there is no such study, or its file is wrong; the message names the place.
    """
    known, file = known_studies(), Path(name)
    path = file if file.suffix == ".toml" or file.is_file() else known.get(name)
    if path is None:
        raise UnknownNameError("study", name, known)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return path.stem, Study.model_validate(content)
    except FileNotFoundError as error:
        raise UserError(f"{path} is missing. Give a TOML file, or one of: {', '.join(known)}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is no TOML: {error}.") from error
    except ValidationError as error:
        mistakes = StudyMistakes(path, content, Study.model_fields, StudyVariant.model_fields)
        raise UserError(mistakes.in_words(error.errors())) from error
