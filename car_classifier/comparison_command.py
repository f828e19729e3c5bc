"""What `compare` and `study` do: train what is missing, read all answers, compare, write and show."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.errors import CarClassifierError
from car_classifier.base.files import read_json
from car_classifier.comparison_budgets import notes_on_budgets
from car_classifier.comparison_plan import ComparisonRequest, MemberPlan, VariantPlan, plan_members, search_behind
from car_classifier.comparison_result import conclude, show_result, shows_what_is_asked
from car_classifier.comparison_screen import ComparisonScreen
from car_classifier.comparison_training import MemberTraining
from car_classifier.config import Config
from car_classifier.defaults import jsonable, run_name
from car_classifier.run_cost import cost_of_run
from car_classifier.screen import create_console, show_table
from car_classifier.training.stop import StopRequest
from car_classifier.working_run import working_on
from results.comparison import Variant
from results.comparison_member import read_member
from results.run_store import PLACES, Run


@dataclass(frozen=True)
class Failure:
    """A training that gave no result."""

    member: MemberPlan
    status: int
    reason: str


def run_comparison(request: ComparisonRequest) -> dict[str, Any]:
    """Train what is missing and compare, or go on, or show what a finished comparison found; return the summary.

    Raises:
        InterruptedRun: the same command goes on.
        CarClassifierError: trainings failed; the others are compared all the same, if there are any of the baseline.
    """
    console, stop = create_console(), StopRequest()
    with stop.on_signals():
        members = plan_members(request)
        request = replace(request, notes=(*request.notes, *notes_on_budgets(members)))
        defaults = {f"{variant.name}: {name}": value for variant in request.variants
                    for name, value in jsonable(Config()).items() if name not in (*PLACES, "seed")}
        run = Run(_folder(request, members), kind="compare", config=_identity(request, members), defaults=defaults)
        with working_on(run):
            if run.is_done and shows_what_is_asked(run, _about(request), request.variants):
                show_result(run, read_json(run.folder / "comparison.json"))
                return run.record["summary"]
            run.begin(sys.argv[1:])
            _show_plan(console, request, run)
            failures = _train(members, run, console, stop)
            return _finish(request, members, run, failures)


def _folder(request: ComparisonRequest, members: list[MemberPlan]) -> Path:
    if request.run is not None:
        return request.runs_dir / request.run
    config, identity = members[0].config, {"members": sorted(member.name for member in members)}
    earlier = request.runs_dir / run_name(request.command, config, identity)
    if (earlier / "run.json").is_file():  # versions before named it after the baseline whatever the model of all
        return earlier
    return request.runs_dir / run_name(request.command, config, identity, model=request.shared.get("model.name"))


def _identity(request: ComparisonRequest, members: list[MemberPlan]) -> dict[str, Any]:
    """The settings of a comparison: those of each variant, without the seed, and the seeds."""
    of_variants = {}
    for member in members:
        settings = {name: value for name, value in jsonable(member.config).items() if name not in (*PLACES, "seed")}
        of_variants |= {f"{member.variant}: {name}": value for name, value in settings.items()}
    return {"seeds": list(request.seeds), **of_variants}


def _about(request: ComparisonRequest) -> dict[str, Any]:
    return {"title": request.title, "question": request.question, "notes": list(request.notes),
            "published_of": request.published_of}


def _show_plan(console: Console, request: ComparisonRequest, run: Run) -> None:
    rows = [("run", str(run.folder), "--run"), ("seeds", ", ".join(map(str, request.seeds)), "--seeds")]
    rows += [("question", request.question, "")] if request.question else []
    rows += [(name, str(value), f"--set {name}=…") for name, value in request.shared.items()]
    rows += [("note", note, "") for note in request.notes]
    show_table(console, request.title, rows)
    show_table(console, "Variants", [(variant.name, _describe(variant), "") for variant in request.variants])


def _describe(variant: VariantPlan) -> str:
    tuned = [] if variant.hyperparameters == "default" else [f"hyper-parameters of {variant.hyperparameters}"]
    return ", ".join(tuned + [f"{name}={value}" for name, value in variant.settings.items()]) or "the defaults"


def _train(members: list[MemberPlan], run: Run, console: Console, stop: StopRequest) -> list[Failure]:
    trainings: dict[str, Any] = run.record.setdefault("trainings", {})  # of this comparison: name to what it took
    failures = []
    with run.step("training"), ComparisonScreen(console, members) as screen:
        training = MemberTraining(run.folder / "members.log", stop, screen.waiting)
        for member in members:
            name = member.folder.name
            if member.is_finished:
                screen.finished(member, words="done before" if name in trainings else "reused")
                continue
            earlier = trainings.setdefault(name, {"peak_memory": 0})["peak_memory"]
            run.update(progress={"phase": "trainings", "epoch": members.index(member), "epochs": len(members)})
            screen.started(member)
            failed = training.train(member)
            trainings[name]["peak_memory"] = max(earlier, training.peak_memory)
            run.save_steps()
            if failed is None:
                screen.finished(member)
            else:
                failures.append(Failure(member, *failed))
                screen.failed(member, failures[-1].reason)
    return failures


def _finish(request: ComparisonRequest, members: list[MemberPlan], run: Run, failures: list[Failure]) -> dict[str, Any]:
    with run.step("comparing"):
        variants = _read(request, members, run, failures)
        if len(variants) > 1 and variants[0].name == request.variants[0].name:
            failed = [{"run": str(failure.member.folder), "variant": failure.member.variant,
                       "seed": failure.member.config.seed, "reason": failure.reason} for failure in failures]
            summary = conclude(run, variants, failed=failed, **_about(request))
    if failures:
        error = CarClassifierError(
            f"{len(failures)} of {len(members)} trainings failed; what they said is in {run.folder / 'members.log'}.\n"
            "The same command tries them again, and only them."
        )
        error.exit_status = failures[0].status if failures[0].status > 0 else 128 - failures[0].status
        raise error
    run.finish(summary)
    return summary


def _read(request: ComparisonRequest, members: list[MemberPlan], run: Run, failures: list[Failure]) -> list[Variant]:
    """The variants with the trainings that are done; one without any is left out."""
    trainings, failed = run.record["trainings"], [failure.member for failure in failures]
    variants = []
    for plan in request.variants:
        done = [member for member in members if member.variant == plan.name and member not in failed]
        found = [
            read_member(
                member.folder, reused=member.folder.name not in trainings, cost=cost_of_run(member.folder),
                peak_memory=trainings.get(member.folder.name, {}).get("peak_memory"),
            )
            for member in done
        ]
        if found:
            search = search_behind(plan.hyperparameters, request.runs_dir)
            variants.append(Variant(plan.name, tuple(found), dict(plan.settings), plan.published, search))
    return variants
