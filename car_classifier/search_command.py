"""What `search` does with its options: settings, space, data, engine, workers, and the result."""

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from pydantic import ValidationError
from rich.console import Console

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.registry import resolve
from car_classifier.config import Config
from car_classifier.defaults import jsonable, resolve_config, resolve_for_data
from car_classifier.found_data import choice_options, record_data, show_found
from car_classifier.places import data_home
from car_classifier.prepared_data import PreparedData, check_shares, prepare_data, read_source
from car_classifier.screen import create_console, describe_duration, progress_bar, show_table
from car_classifier.search_keeper import SearchKeeper
from car_classifier.search_result import SearchResult, read_result, write_result
from car_classifier.search_screen import SearchScreen
from car_classifier.search_space import (
    FROZEN,
    build_space,
    default_space,
    default_values,
    has_gpu,
    keeps_frozen,
    trains_small_heads,
)
from car_classifier.settings import SettingsRequest, check_model, gather_settings, given_by_options, run_folder
from car_classifier.training.phases import describe_epochs, plan_phases
from car_classifier.training.stop import StopRequest
from car_classifier.working_run import working_on
from results.run_store import PLACES, Run
from search.clock import SearchClock
from search.config import SearchConfig
from search.engines.grid_search import most_points
from search.loop import SearchLoop
from search.problem import Problem
from search.ranges import parse_ranges, read_space_file
from search.registry import EXECUTORS, create_engine
from search.search_file import open_search
from search.space import Space
from search.store import SearchStore
from search.trial import Trial

PLACES_OF_JOB = ("job.weights_dir", "job.given", *(f"job.config.{name}" for name in PLACES))
WARMUP_EPOCHS = 3  # in which no trial is cut off
MIRROR = "search.engines.optuna.mirror"  # its library is loaded only when it is asked for
OBJECTIVE = "car_classifier.search_objective:TrainingObjective"


@dataclass(frozen=True, kw_only=True)
class SearchRequest(SettingsRequest):
    """The options of `search`.

    Args:
        search: options that are fields of `SearchConfig`; None: not given.
        space_file: of `--space`.
        ranges: texts of `--range`.
        only_ranges: vary nothing else.
        names_next: end with the command that trains the winner.
        mirror: URL of an Optuna storage to keep up to date; None: none.
    """

    search: dict[str, Any]
    space_file: Path | None = None
    ranges: tuple[str, ...] = ()
    only_ranges: bool = False
    names_next: bool = True
    mirror: str | None = None


@dataclass(frozen=True)
class _Plan:
    """Everything that is decided before the first trial; `config` is `open_config` with every open setting decided."""

    open_config: Config
    config: Config
    given: frozenset[str]
    search: SearchConfig
    space: Space
    home: Path
    request: SearchRequest
    frozen_without_gpu: bool


def run_search(request: SearchRequest) -> dict[str, Any]:
    """Search as asked, or go on, or show what a finished search found; return the summary.

    Raises:
        InterruptedRun: the same command goes on.
    """
    console, stop = create_console(), StopRequest()
    with stop.on_signals():
        plan, dataset = _plan(request)
        folder = run_folder(request, plan.config)
        check_model(plan.config, plan.home)
        run = Run(folder, kind="search", config=jsonable(plan.config), defaults=jsonable(Config()))
        with working_on(run):
            return _search(plan, dataset, run, console, stop)


def _plan(request: SearchRequest) -> tuple[_Plan, Any]:
    home, gpu = data_home(request.data_dir), has_gpu()
    ranges = parse_ranges(request.ranges)
    file = read_space_file(request.space_file) if request.space_file else {}
    config, given = gather_settings(request, home)
    fixed = given_by_options(request)
    freezes = FROZEN not in {*given, *ranges, *file} and keeps_frozen(resolve_config(config, given), gpu=gpu)
    if freezes:
        config, given, fixed = config.override({FROZEN: "none"}), given | {FROZEN}, fixed | {FROZEN}
    resolved = resolve_config(config, given)
    dataset = read_source(resolved)
    check_shares(resolved, dataset)
    resolved = resolve_for_data(resolved, dataset)
    own = {} if request.only_ranges else default_space(resolved, gpu=gpu, fc_layers=ranges.get("model.fc_layers"))
    space = build_space(file or own, ranges, resolved, fixed)
    search = _search_config(request, resolved, threads=1 if trains_small_heads(resolved, space, gpu=gpu) else None)
    create_engine(search.engine, epochs=resolved.training.epochs).close()  # an unknown name costs nothing yet
    if search.executor == "ray":
        resolve_name("search.executors.ray.cluster:import_ray")()
    if request.mirror is not None:
        resolve_name(f"{MIRROR}:check_url")(request.mirror)
    return _Plan(config, resolved, frozenset(given), search, space, home, request, freezes), dataset


def _search_config(request: SearchRequest, config: Config, *, threads: int | None) -> SearchConfig:
    monitor = config.training.monitor
    direction = "minimize" if monitor.endswith("loss") else "maximize"
    given = {name: value for name, value in request.search.items() if value is not None}
    if "ray_address" in given and given["executor"] != "ray":
        raise UserError("--ray-address says where a Ray cluster is, and needs --executor ray.")
    warmup = max(WARMUP_EPOCHS, math.ceil(config.training.warmup_epochs))  # while the rate rises, trials say little
    try:
        return SearchConfig(seed=config.seed, monitor=monitor, direction=direction, pruner_warmup_epochs=warmup,
                            threads=threads, **given)
    except ValidationError as error:
        problem = error.errors()[0]
        option = str(problem["loc"][0]).replace("_", "-")
        expected = problem["msg"].removeprefix("Input should be ")
        raise UserError(f"--{option}: expected {expected}. Received: {problem['input']!r}.") from error


def _search(plan: _Plan, dataset: Any, run: Run, console: Console, stop: StopRequest) -> dict[str, Any]:
    store = SearchStore(run.folder)
    with run.step("checking pictures"), progress_bar(console, "Checking pictures") as told:
        data = prepare_data(plan.config, dataset, told=stop.checked(told))
    record_data(run, data)
    _check_validation(data)
    job = _job(plan)
    open_search(run.folder, {"space": plan.space, **plan.search.model_dump(mode="json"), "objective": OBJECTIVE, "job": job},
                places=PLACES_OF_JOB, defaults={"job": {"config": Config().model_dump(mode="json")}})
    trials = store.trials()
    for message in store.damaged:
        console.print(message, style="yellow", markup=False)
    if not _is_done(plan, trials):
        run.begin(sys.argv[1:])  # not before: what refuses to go on with a search leaves its record alone
        show_found(console, data, run)
        _show_decided(console, plan)
        with run.step("searching"):
            _run_trials(plan, run, job, console, stop)
        trials = store.trials()
    result = _result(plan, run, trials)
    num_validation = len(data.dataset.splits["validation"])
    if run.is_done and run.record["summary"]["trials"] == result.summary()["trials"]:
        words = read_result(result, num_validation=num_validation)  # nothing has changed
    else:
        with run.step("report"):
            words = write_result(result, num_validation=num_validation)
        run.update(next=result.train_command() if result.best else None)
        run.finish(result.summary())
    summary = run.record["summary"]
    console.print(f"\n{words}\n\nPlots and every trial: {run.folder / 'report.html'}", markup=False, soft_wrap=True)
    if plan.request.names_next and result.best is not None:
        console.print(result.training_in_words(), markup=False, soft_wrap=True)
        console.print(f"Next: {result.train_command()}", markup=False, soft_wrap=True)
    return summary


def _is_done(plan: _Plan, trials: list) -> bool:
    most = plan.search.most_trials
    return most is not None and sum(trial.is_finished for trial in trials) >= most


def _check_validation(data: PreparedData) -> None:
    if "validation" not in data.dataset.splits:
        raise DataError("A search compares figures of validation pictures, and there are none.\n"
                        "Set data.validation_fraction above 0, or add a folder `validation`.")


def _job(plan: _Plan) -> dict[str, Any]:
    weights_dir = str(plan.home / "weights")
    return {"config": plan.open_config.model_dump(mode="json"), "given": sorted(plan.given), "weights_dir": weights_dir}


def _run_trials(plan: _Plan, run: Run, job: dict[str, Any], console: Console, stop: StopRequest) -> None:
    engine = create_engine(plan.search.engine, epochs=plan.config.training.epochs)
    executor = resolve("executor", plan.search.executor, EXECUTORS)(OBJECTIVE, plan.search, folder=run.folder)
    store, mirror = SearchStore(run.folder), _mirror(plan, run)
    training = plan.config.training
    problem = Problem(
        plan.space, default_values(plan.space, plan.config), OBJECTIVE, job, batch_size=training.batch_size,
        epochs=training.epochs,
    )
    try:
        executor.prepare(job)
        clock = SearchClock(run.folder)
        with SearchScreen(console, _foreseen(plan), epochs=plan.config.training.epochs, clock=clock) as screen:
            observer = SearchKeeper(screen, changed=mirror.update if mirror else lambda trials: None,
                                    finished=lambda trials: _result(plan, run, trials).write_best())
            loop = SearchLoop(problem, plan.search, engine=engine, executor=executor, store=store, observer=observer)
            end = loop.run(lambda: stop.signal_number is not None)
    finally:
        executor.close()
        engine.close()
        if mirror:
            mirror.close()
    if end == "stopped":
        stop.check()
    reasons = {"exhausted": "Every combination of the space has been tried.", "hours": "The hours are over."}
    if end in reasons:
        console.print(reasons[end])


def _result(plan: _Plan, run: Run, trials: list[Trial]) -> SearchResult:
    return SearchResult(run, plan.search, plan.space, plan.config, plan.given, _data_options(plan), trials)


def _mirror(plan: _Plan, run: Run) -> Any:
    if plan.request.mirror is None:
        return None
    mirror = resolve_name(f"{MIRROR}:OptunaMirror")
    return mirror(plan.request.mirror, plan.space, run.folder.name, direction=plan.search.direction)


def _show_decided(console: Console, plan: _Plan) -> None:
    search = plan.search
    pretrained = plan.config.model.weights != "none"
    phases = plan_phases(plan.config.training, pretrained=pretrained, x_trainable=plan.config.model.x_trainable)
    each = describe_epochs(phases, refit=False)  # trials never refit
    budget = [f"{search.most_trials} trials"] if search.most_trials else []
    budget += [describe_duration(3600 * search.hours)] if search.hours else []
    rows = [
        ("model", plan.config.model.name, "--model"),
        ("engine", f"{search.engine}; cuts off by {search.pruner}", "--engine, --pruner"),
        ("budget", f"{' or '.join(budget)} in all, each of {each}", "--trials, --hours, --epochs"),
        ("goal", f"{search.direction} {search.monitor}", "--set training.monitor=…"),
        ("workers", f"{search.workers}, {search.executor}{_share(search)}", "--workers, --executor"),
    ]
    if search.engine == "grid":
        taken = "the trials take them in order, the last name changing fastest"
        rows.append(("grid", f"{most_points(plan.space):,} points at most; {taken}", "--range and --set for fewer"))
    if plan.frozen_without_gpu:
        rows.append(("backbone", "frozen, because there is no GPU: its features are computed once for all trials",
                     "--set model.x_trainable=all"))
    show_table(console, "Decided", rows)
    show_table(console, "Varied", [
        (name, dimension.describe(), "".join(f"with {other.rpartition('.')[2]} {'|'.join(map(str, values))}"
                                             for other, values in dimension.when.items()))
        for name, dimension in plan.space.dimensions.items()
    ])


def _foreseen(plan: _Plan) -> SearchConfig:
    """Return the settings with no more trials than a grid can have; the default configuration may lie beside it."""
    if plan.search.engine != "grid":
        return plan.search
    points = most_points(plan.space) + 1
    return plan.search.model_copy(update={"trials": min(points, plan.search.most_trials or points)})


def _share(search: SearchConfig) -> str:
    return ", one thread an operation, which is best for so small a network" if search.threads else ""


def _data_options(plan: _Plan) -> tuple[str, ...]:
    """Options that lead `train` to the same pictures in the same splits."""
    request, data = plan.request, plan.config.data
    options = ["--data", data.source]
    options += ["--data-dir", str(request.data_dir)] if request.data_dir else []
    options += [*choice_options(plan.config), *(["--limit", str(data.limit)] if data.limit else [])]
    if "data.validation_fraction" in plan.given:
        options += ["--set", f"data.validation_fraction={data.validation_fraction}"]
    return (*options, *(["--seed", str(plan.config.seed)] if plan.config.seed else []))
