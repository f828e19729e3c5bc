"""What `train` and `demo` do with their options: settings, data, run folder, training."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.errors import UserError
from car_classifier.config import Config
from car_classifier.defaults import jsonable, resolve_config, resolve_for_data
from car_classifier.found_data import record_data, show_found
from car_classifier.model_file import load_model, write_h5
from car_classifier.places import data_home
from car_classifier.prepared_data import check_shares, prepare_data, read_source
from car_classifier.screen import create_console, progress_bar
from car_classifier.settings import SettingsRequest, check_model, gather_settings, run_folder
from car_classifier.training.stop import StopRequest
from car_classifier.training_run import Extras, TrainingRun, record_weights, show_summary
from car_classifier.working_run import working_on
from results.run_store import Run, find_run


@dataclass(frozen=True, kw_only=True)
class TrainingRequest(SettingsRequest):
    """The options of a training command.

    Args:
        extras: what is done besides training.
        extend: a run that is done is to go on with more epochs.
    """

    extras: Extras = Extras()
    extend: bool = False


def run_training(request: TrainingRequest) -> dict[str, Any]:
    """Train as asked, or go on, or show what a finished run found; return the summary.

    Raises:
        InterruptedRun: with the command that goes on.
    """
    console, stop = create_console(), StopRequest()
    home = data_home(request.data_dir)
    with stop.on_signals():
        config, given = gather_settings(request, home)
        if request.extend:
            _refuse_extension(request, config, given)
        config = resolve_config(config, given)
        dataset = read_source(config)
        check_shares(config, dataset)
        config = resolve_for_data(config, dataset)
        folder = run_folder(request, config)
        check_model(config, home)
        run = Run(folder, kind="train", config=jsonable(config), extend=request.extend, defaults=jsonable(Config()))
        if run.is_done:
            return _show_done(run, request.extras, console)
        return _work(request, config, dataset, run, Surroundings(home, console, stop))


def _refuse_extension(request: TrainingRequest, config: Config, given: set[str]) -> None:
    """Raise when it is not said which run is extended and how far, or when it cannot be."""
    if request.run is None or "training.epochs" not in given:
        raise UserError(
            "--extend needs --run and --epochs: the name that a run gets by itself depends on its epochs.\n"
            "Pass --run NAME, as `runs list` shows it, and --epochs with the number after the extension."
        )
    find_run(request.run, request.runs_dir)
    if config.training.refit:
        raise UserError(
            "A run with --refit cannot be extended: its model has trained on the validation pictures, so no epoch could be "
            "called the best.\nTrain with more --epochs under another --run name."
        )


def _show_done(run: Run, extras: Extras, console: Console) -> dict[str, Any]:
    summary = run.record["summary"]
    run.finish(summary)  # once more, in case the last attempt died before it had tidied up
    if extras.h5 and not (run.folder / "model.h5").is_file():
        write_h5(load_model(run.folder), run.folder)
    run.release()
    console.print(f"{run.folder} is done.", markup=False)
    show_summary(console, run.record)
    return summary


@dataclass(frozen=True)
class Surroundings:
    """What is the same for all trainings of a process: folder of data, terminal, wish to stop."""

    home: Path
    console: Console
    stop: StopRequest


def _work(request: TrainingRequest, config: Config, dataset: Any, run: Run, around: Surroundings) -> dict[str, Any]:
    with working_on(run):
        summary = _train(request, config, dataset, run, around)
    show_summary(around.console, run.record)
    return summary


def _train(request: TrainingRequest, config: Config, dataset: Any, run: Run, around: Surroundings) -> dict[str, Any]:
    with run.step("checking pictures"), progress_bar(around.console, "Checking pictures") as told:
        data = prepare_data(config, dataset, told=around.stop.checked(told))
    record_data(run, data)
    record_weights(run, config, around.home)
    run.begin(sys.argv[1:])  # not before: what refuses to go on with a run leaves its record alone
    run.update(hyperparameters=request.hyperparameters)  # the report of the winner of a search shows the search
    show_found(around.console, data, run)
    training = TrainingRun(run, config, data, around.home, around.console, request.extras)
    return training.execute(around.stop)
