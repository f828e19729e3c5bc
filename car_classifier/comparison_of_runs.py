"""Runs that exist, compared: nothing is trained, and no test split is opened."""

import sys
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json
from car_classifier.base.seeds import derive_seed
from car_classifier.comparison_result import conclude, show_result, shows_what_is_asked
from car_classifier.run_cost import cost_of_run
from car_classifier.working_run import working_on
from results.comparison import Variant, check_same_pictures
from results.comparison_member import Member, check_comparable, read_member
from results.run_store import PLACES, Run, find_run, read_record

NOT_COMPARED = ("seed", *PLACES)


def compare_runs(names: list[str], *, run: str | None, runs_dir: Path) -> dict[str, Any]:
    """Compare finished trainings; those that differ by their seed alone are one variant. Return the summary.

    Args:
        names: paths or names of at least two runs; the first is, or belongs to, the baseline.
        run: name of the comparison; None: made from the names.
        runs_dir: folder of all runs.

    Raises:
        UserError: a run is none, or not done, or was not evaluated on a test split, or on other pictures.
    """
    folders = list(dict.fromkeys(find_run(name, runs_dir) for name in names))
    for folder in folders:
        check_comparable(folder, read_record(folder))
    variants = _variants([read_member(folder, reused=True, cost=cost_of_run(folder)) for folder in folders])
    if len(variants) < 2:
        raise UserError("All these runs have the same settings apart from the seed. Add one with others to compare with.")
    check_same_pictures(variants)
    settings = {variant.name: [str(member.folder) for member in variant.members] for variant in variants}
    digest = f"{derive_seed(*(path for paths in settings.values() for path in paths)):016x}"[:8]
    name = run or f"compare-runs-{digest}"
    comparison = Run(runs_dir / name, kind="compare", config=settings)
    with working_on(comparison):
        about = {"title": "Runs side by side", "question": None, "notes": _notes_on_seeds(variants), "failed": [],
                 "published_of": None}
        if comparison.is_done and shows_what_is_asked(comparison, about, variants):
            show_result(comparison, read_json(comparison.folder / "comparison.json"))
            return comparison.record["summary"]
        comparison.begin(sys.argv[1:])
        with comparison.step("comparing"):
            summary = conclude(comparison, variants, **about)
        comparison.finish(summary)
        return summary


def _variants(members: list[Member]) -> list[Variant]:
    """Members of equal settings together, named after their first run, with the settings that are not those of all."""
    groups: list[list[Member]] = []
    for member in members:
        alike = (group for group in groups if _settings(group[0]) == _settings(member))
        group = next(alike, None)
        groups.append([member]) if group is None else group.append(member)
    names = {name for group in groups for name in _settings(group[0])}
    of_groups = [{name: _settings(group[0]).get(name) for name in names} for group in groups]
    differ = sorted(name for name in names if any(values[name] != of_groups[0][name] for values in of_groups))
    return [
        Variant(group[0].folder.name, tuple(group), {name: values[name] for name in differ})
        for group, values in zip(groups, of_groups, strict=True)
    ]


def _settings(member: Member) -> dict[str, Any]:
    return {name: value for name, value in member.settings.items() if name not in NOT_COMPARED}


def _notes_on_seeds(variants: list[Variant]) -> list[str]:
    first = {member.seed for member in variants[0].members}
    strange = [one.name for one in variants[1:] if not first & {member.seed for member in one.members}]
    if not strange:
        return []
    return [f"{variants[0].name} and {', '.join(strange)} have no seed in common: their runs are paired in the order of seeds."]
