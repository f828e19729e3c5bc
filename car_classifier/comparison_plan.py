"""What a comparison consists of: variants and seeds, and the ordinary training that each pair of them is."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from car_classifier.augmentation_preset import yield_to_preset
from car_classifier.base.errors import DataError, DownloadError, UserError
from car_classifier.base.files import read_json
from car_classifier.config import Config, value_text
from car_classifier.defaults import full_settings, jsonable, resolve_config, resolve_for_data, run_name
from car_classifier.places import data_home
from car_classifier.prepared_data import check_shares, read_source
from car_classifier.settings import SettingsRequest, check_model, gather_settings, read_hyperparameters
from data.dataset import Dataset
from results.evaluated import find_evaluation
from results.published import Published
from results.run_store import PLACES, find_run, list_runs, read_record


@dataclass(frozen=True)
class VariantPlan:
    """One of the things that are compared.

    Args:
        name: short and its own.
        settings: what sets it apart, by dotted name.
        hyperparameters: "default", a run or a file, as `train --hyperparameters` takes it.
        published: what others found with it; None: not known.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    hyperparameters: str = "default"
    published: Published | None = None


@dataclass(frozen=True, kw_only=True)
class ComparisonRequest:
    """What is to be compared, whether asked for by options or by a file.

    Args:
        command: begins the name of the comparison: "compare", "study-attention".
        title: of the tables and plots.
        question: what the comparison is to answer; None: nobody said.
        variants: at least two of different names; the first is the baseline.
        shared: settings of all variants, `data.source` among them; those of a variant go first.
        yielding: names of those of `shared` that a variant's hyper-parameters go before.
        seeds: each variant is trained with each.
        notes: sentences that the reader should know.
        published_of: what published figures were measured on; None where there are none.
        data_dir, run, runs_dir: as in `SettingsRequest`.
    """

    command: str
    title: str
    question: str | None
    variants: tuple[VariantPlan, ...]
    shared: Mapping[str, Any]
    seeds: tuple[int, ...]
    yielding: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    published_of: str | None = None
    data_dir: Path | None
    run: str | None
    runs_dir: Path


@dataclass(frozen=True)
class MemberPlan:
    """One training of a comparison.

    Args:
        variant: its name.
        config: every setting, resolved.
        given: dotted names of those that are no default.
        name: after settings and seed, as `train` itself names the run.
        folder: of the run: of that name or, where another run has been trained with the same settings, its own.
        training: the command `train` with its options.
        places: the options that say where runs and data are.
    """

    variant: str
    config: Config
    given: frozenset[str]
    name: str
    folder: Path
    training: tuple[str, ...]
    places: tuple[str, ...]

    @property
    def argv(self) -> tuple[str, ...]:
        """The command that brings the run to its end: `evaluate` where a training is done but its test split not opened."""
        evaluation = ("evaluate", self.folder.name, "--split", "test", *self.places)
        return evaluation if self._is_trained() else self.training

    @cached_property
    def is_finished(self) -> bool:
        """Whether the run was there, with these very settings, done and tested, when this was first asked."""
        return self._is_trained() and find_evaluation(self.folder, "test", read_record(self.folder)["summary"]) is not None

    def at_existing_run(self, trained: Mapping[Path, Mapping[str, Any]]) -> "MemberPlan":
        """Return this training with the folder of a run that has been trained with its settings, whatever its name.

        Args:
            trained: runs that are done, with their settings.
        """
        if self._is_trained():
            return self
        return next((replace(self, folder=folder) for folder, settings in trained.items() if self._has(settings)), self)

    def _is_trained(self) -> bool:
        if not (self.folder / "run.json").is_file() or read_record(self.folder)["status"] != "done":
            return False
        return self._has(read_json(self.folder / "config.json"))

    def _has(self, settings: Mapping[str, Any]) -> bool:
        there, asked = jsonable(Config()) | dict(settings), jsonable(self.config)
        return all(there.get(name) == asked.get(name) for name in {*there, *asked} - set(PLACES))


def plan_members(request: ComparisonRequest) -> list[MemberPlan]:
    """Return all trainings: the first seed of all variants, then the second, so that pairs are complete early.

    Raises:
        UserError: a setting is wrong, weights are not at hand, or two variants are the same or tested on other pictures.
        DataError: the data have no test split.
    """
    sources: dict[str, Dataset] = {}
    members = [member for seed in request.seeds for member in _plan_seed(request, seed, sources)]
    _check_different(members, request)
    _check_tested_alike(members, sources)
    trained = _trained_runs(request.runs_dir)
    return [member.at_existing_run(trained) for member in members]


def _check_different(members: Sequence[MemberPlan], request: ComparisonRequest) -> None:
    """Raise where two variants are one and the same, even if only one of them says what the other leaves to the model."""
    by_settings: dict[str, str] = {}
    for member in members:
        other = by_settings.setdefault(json.dumps(full_settings(member.config), sort_keys=True), member.variant)
        if other != member.variant:
            alike = [variant for variant in request.variants if variant.name in (other, member.variant)]
            searched = any(search_behind(variant.hyperparameters, request.runs_dir) for variant in alike)
            advice = "; a search whose winner is the default needs more trials, or more epochs" if searched else ""
            raise UserError(
                f"The variants {other!r} and {member.variant!r} have the same settings: there is nothing to compare. "
                f"Take one of them out{advice}."
            )


def _check_tested_alike(members: Sequence[MemberPlan], sources: Mapping[str, Dataset]) -> None:
    """Raise where variants take other test pictures of one source; whether two sources hold the same, their answers tell."""
    first, *others = members
    choice = _choice_of_pictures(first.config)
    for member in others:
        other = _choice_of_pictures(member.config)
        differ = [name for name in choice if choice[name] != other[name]]
        if not differ or "data.source" in differ:
            continue
        if _tested(sources[repr(choice)], choice) != _tested(sources[repr(other)], other):
            values = "; ".join(f"{name}={value_text(choice[name])} and {value_text(other[name])}" for name in differ)
            raise UserError(
                f"The variants {first.variant!r} and {member.variant!r} would be tested on different pictures or classes, and "
                f"their accuracies could not be set against each other: {values}. Expected: one value for all variants."
            )


def _tested(dataset: Dataset, choice: Mapping[str, Any]) -> tuple[float, frozenset[tuple[Path, str]]]:
    """The test pictures with their classes; where a share is to be set apart, this share and what it is taken of."""
    split = dataset.splits.get("test", dataset.splits["train"])
    names = (dataset.class_names[label] for label in split.labels.tolist())
    return choice["data.test_fraction"], frozenset(zip(split.paths, names, strict=True))


def _trained_runs(runs_dir: Path) -> dict[Path, dict[str, Any]]:
    """The runs that `train` has brought to their end in one go, with their settings, oldest first."""
    runs = {}
    for folder in list_runs(runs_dir):
        with suppress(DataError):  # a damaged run must not hide the others
            record = read_record(folder)
            if [record.get(name) for name in ("kind", "status", "extensions")] == ["train", "done", None]:
                runs[folder] = read_json(folder / "config.json")
    return runs


def _plan_seed(request: ComparisonRequest, seed: int, sources: dict[str, Dataset]) -> list[MemberPlan]:
    """The trainings with one seed; what is wrong with all variants is told as it is, else with the variant that has it."""
    members, mistakes = [], {}
    for variant in request.variants:
        try:
            members.append(_plan(request, variant, seed, sources))
        except DownloadError:
            raise  # whoever waited for it once need not wait for it once per variant
        except UserError as error:
            mistakes[variant.name] = error
    if not mistakes:
        return members
    name, first = next(iter(mistakes.items()))
    if not members and len(set(map(str, mistakes.values()))) == 1:
        raise first
    raise UserError(f"Variant {name!r}: {first}") from first


def _plan(request: ComparisonRequest, variant: VariantPlan, seed: int, sources: dict[str, Dataset]) -> MemberPlan:
    settings = _settings_of(request, variant)
    source = settings.pop("data.source")
    texts = tuple(f"{name}={value_text(value)}" for name, value in settings.items())
    home = data_home(request.data_dir)
    asked = SettingsRequest(
        command="train", shorthand={"data.source": source, "seed": seed}, settings=texts,
        hyperparameters=variant.hyperparameters, data_dir=request.data_dir, run=None, runs_dir=request.runs_dir,
    )
    config, given = gather_settings(asked, home)
    config = resolve_config(config, given)
    dataset = _dataset(config, sources)
    check_model(config, home)  # fetches weights, perhaps for long
    check_shares(config, dataset)
    config = resolve_for_data(config, dataset)
    name = run_name("train", config)
    places = ["--runs-dir", str(request.runs_dir)] + (["--data-dir", str(request.data_dir)] if request.data_dir else [])
    training = ["train", "--data", source, "--seed", str(seed)]
    training += ["--hyperparameters", variant.hyperparameters] if variant.hyperparameters != "default" else []
    training += [word for text in texts for word in ("--set", text)]
    training += ["--run", name, *places]
    return MemberPlan(variant.name, config, frozenset(given), name, request.runs_dir / name, tuple(training), tuple(places))


def _settings_of(request: ComparisonRequest, variant: VariantPlan) -> dict[str, Any]:
    """The settings of a training: where some yield to hyper-parameters, with these, for options go before them in `train`."""
    if not request.yielding:
        return {**request.shared, **variant.settings}
    firm = {name: value for name, value in request.shared.items() if name not in request.yielding} | dict(variant.settings)
    found = yield_to_preset(read_hyperparameters(variant.hyperparameters, request.runs_dir), firm)
    return {**request.shared, **found, **firm}


def _dataset(config: Config, sources: dict[str, Dataset]) -> Dataset:
    """The pictures of a configuration, read once for all that take the same of a source."""
    key = repr(_choice_of_pictures(config))
    if key not in sources:
        sources[key] = read_source(config)
        if "test" not in sources[key].splits and not config.data.test_fraction:
            raise DataError(
                f"{sources[key].name} has no test split, and validation pictures choose the best epochs: they cannot judge "
                "fairly.\nPass --set data.test_fraction=0.2 to set a fifth of the pictures apart, or put pictures that nothing "
                "has been chosen by into a folder `test` beside `train`."
            )
    return sources[key]


def _choice_of_pictures(config: Config) -> dict[str, Any]:
    """The settings that decide which pictures there are, and which of them test."""
    names = ("source", "classes", "label_level", "limit", "test_fraction")
    return {f"data.{name}": getattr(config.data, name) for name in names}


def search_behind(hyperparameters: str, runs_dir: Path) -> dict[str, Any] | None:
    """Return what a search says of its winner (`run`, `monitor`, `default_value`, `best_value`, `settings` that all its
    trials shared); None where the hyper-parameters are of no search.

    Raises:
        UserError: there is no such run.
    """
    if hyperparameters == "default" or Path(hyperparameters).is_file():
        return None
    folder = find_run(hyperparameters, runs_dir)
    if not (folder / "best.json").is_file():
        return None
    best, summary = read_json(folder / "best.json"), read_record(folder).get("summary") or {}
    return {
        "run": folder.name, "monitor": best["monitor"], "default_value": summary.get("default_value"),
        "best_value": best["value"], "settings": best["settings"],
    }
