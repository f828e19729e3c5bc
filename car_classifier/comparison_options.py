"""From the options of `compare` to what is compared."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.comparison_plan import ComparisonRequest, VariantPlan, search_behind
from car_classifier.config import parse_assignments

DIVISION = ("training.batch_size", "training.accum_steps")  # a search's winner may need its batch in parts; others need not


@dataclass(frozen=True, kw_only=True)
class CompareOptions:
    """The options of `compare`.

    Args:
        models: names; empty: the one that `shared`, a search or the data decide.
        hyperparameters: "default", runs and files.
        vary: texts of `--vary`, each a setting and its values.
        shared: settings of all variants by dotted name, `data.source` among them.
        seeds: how many.
        data_dir, run, runs_dir: as in `SettingsRequest`.
    """

    models: Sequence[str]
    hyperparameters: Sequence[str]
    vary: Sequence[str]
    shared: Mapping[str, Any]
    seeds: int
    data_dir: Path | None
    run: str | None
    runs_dir: Path


def request_from_options(options: CompareOptions) -> ComparisonRequest:
    """Return every combination of models, hyper-parameters and varied settings, in this order.

    What all trials of a search shared (epochs, what is monitored, which layers train) was not tuned, so the default is
    trained with it too: the two then differ by what was searched, and by nothing else.

    Raises:
        UserError: there is nothing to compare, or an option contradicts itself.
    """
    searches = {source: search_behind(source, options.runs_dir) for source in options.hyperparameters}
    names = _names(options.hyperparameters, searches)
    from_searches = _common_settings([search["settings"] for search in searches.values() if search])
    axes: list[list[tuple[str, dict[str, Any], str]]] = []
    if len(options.models) > 1:
        axes.append([(model, {"model.name": model}, "") for model in options.models])
    axes.append([(names[source], {}, source) for source in options.hyperparameters])
    axes += [_axis(text) for text in options.vary]
    varying = [axis for axis in axes if len(axis) > 1]
    if not varying:
        raise UserError(
            "There is nothing to compare: one model, one set of hyper-parameters. Expected two or more of something.\n"
            "Pass --models A,B, --hyperparameters default,RUN, --vary name=a|b, or the names of runs that exist."
        )
    variants = tuple(_variant(parts, varying) for parts in itertools.product(*axes))
    model = {"model.name": options.models[0]} if options.models else {}
    note = f"The default is trained with what the trials of the search shared: {_listed(from_searches)}."
    return ComparisonRequest(
        command="compare", title=" and ".join(_title(axis) for axis in varying), question=None, variants=variants,
        shared={**from_searches, **model, **options.shared}, seeds=tuple(range(options.seeds)),
        notes=(note,) if from_searches else (),
        data_dir=options.data_dir, run=options.run, runs_dir=options.runs_dir,
    )


def _variant(parts: Sequence[tuple[str, dict[str, Any], str]], varying: list) -> VariantPlan:
    source = next(source for _, _, source in parts if source)
    shown = [part for part in parts if any(part in axis for axis in varying)]
    settings = {name: value for _, values, _ in parts for name, value in values.items()}
    return VariantPlan(", ".join(name for name, _, _ in shown), settings, source)


def _axis(text: str) -> list[tuple[str, dict[str, Any], str]]:
    """What one `--vary name=a|b` lets a variant be."""
    name, equals, values = text.partition("=")
    if not equals or "|" not in values:
        raise UserError(f"--vary takes name=a|b, for example --vary model.pooling=flatten|average. Received: {text!r}.")
    short = name.strip().rpartition(".")[2]
    return [(f"{short}={value.strip()}", parse_assignments([f"{name}={value}"]), "") for value in values.split("|")]


def _names(sources: Sequence[str], searches: Mapping[str, Any]) -> dict[str, str]:
    """What each of the hyper-parameters is called: "tuned" where there is but one search."""
    tuned = [source for source in sources if searches[source]]
    return {source: "tuned" if [source] == tuned else Path(source).stem for source in sources}


def _common_settings(of_searches: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What all searches shared alike."""
    if not of_searches:
        return {}
    first, *others = of_searches
    return {
        name: value for name, value in first.items()
        if name not in DIVISION and all(other.get(name) == value for other in others)
    }


def _listed(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def _title(axis: list[tuple[str, dict[str, Any], str]]) -> str:
    names = [name for name, _, _ in axis]
    return " against ".join(names) if len(names) < 3 else f"{names[0]} against {len(names) - 1} others"
