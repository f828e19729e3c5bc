"""What `train` and `demo` do with their options: settings, data, run folder, training."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.errors import InterruptedRun
from car_classifier.config import Config
from car_classifier.defaults import jsonable, resolve_config, resolve_for_data
from car_classifier.model_file import load_model, write_h5
from car_classifier.places import data_home
from car_classifier.prepared_data import PreparedData, prepare_data, read_source
from car_classifier.screen import LOG, create_console, log_to, progress_bar, show_table
from car_classifier.settings import SettingsRequest, check_model, gather_settings, run_folder
from car_classifier.training.stop import StopRequest
from car_classifier.training_run import Extras, TrainingRun, record_data, show_summary
from data.dataset import SPLIT_NAMES
from results.run_store import Run


@dataclass(frozen=True)
class TrainingRequest(SettingsRequest):
    """The options of a training command.

    Args:
        extras: what is done besides training.
    """

    extras: Extras = Extras()


def run_training(request: TrainingRequest) -> dict[str, Any]:
    """Train as asked, or go on, or show what a finished run found; return the summary.

    Raises:
        InterruptedRun: with the command that goes on.
    """
    console, stop = create_console(), StopRequest()
    home = data_home(request.data_dir)
    with stop.on_signals():
        config = resolve_config(*gather_settings(request, home))
        dataset = read_source(config)
        config = resolve_for_data(config, dataset)
        folder = run_folder(request, config)
        check_model(config, home)
        run = Run(folder, kind="train", config=jsonable(config))
        if run.is_done:
            return _show_done(run, request.extras, console)
        return _work(request, config, dataset, run, Surroundings(home, console, stop))


def _show_done(run: Run, extras: Extras, console: Console) -> dict[str, Any]:
    summary = run.record["summary"]
    run.finish(summary)  # once more, in case the last attempt died before it had tidied up
    if extras.h5 and not (run.folder / "model.h5").is_file():
        write_h5(load_model(run.folder), run.folder)
    run.release()
    console.print(f"{run.folder} is done.", markup=False)
    show_summary(console, summary)
    return summary


@dataclass(frozen=True)
class Surroundings:
    """What is the same for all trainings of a process: folder of data, terminal, wish to stop."""

    home: Path
    console: Console
    stop: StopRequest


def _work(request: TrainingRequest, config: Config, dataset: Any, run: Run, around: Surroundings) -> dict[str, Any]:
    run.begin(sys.argv[1:])
    with log_to(run.folder / "log.txt"):
        LOG.info("%s: %s", "begins" if run.is_new else "goes on", " ".join(sys.argv[1:]))
        try:
            summary = _train(request, config, dataset, run, around)
            LOG.info("done")
        except (InterruptedRun, KeyboardInterrupt) as error:
            LOG.info("interrupted")
            run.stop("interrupted")
            number = getattr(error, "exit_status", 130) - 128
            raise InterruptedRun("Stopped; nothing is lost. The same command goes on from here.", number) from error
        except BaseException as error:
            LOG.info("failed: %s", error)
            run.stop("failed")
            raise
        finally:
            run.release()
    show_summary(around.console, summary)
    return summary


def _train(request: TrainingRequest, config: Config, dataset: Any, run: Run, around: Surroundings) -> dict[str, Any]:
    with run.step("checking pictures"), progress_bar(around.console, "Checking pictures") as told:
        data = prepare_data(config, dataset, told=around.stop.checked(told))
    record_data(run, data)
    _show_found(around.console, data, run)
    training = TrainingRun(run, config, data, around.home, around.console, request.extras)
    return training.execute(around.stop)


def _show_found(console: Console, data: PreparedData, run: Run) -> None:
    hardware, dataset = run.record["hardware"], data.dataset
    splits = [name for name in SPLIT_NAMES if name in dataset.splits]
    counts = " · ".join(f"{len(dataset.splits[name]):,} {name}" for name in splits)
    per_class = dataset.counts("train")
    balance = " to ".join(str(count) for count in sorted({int(per_class.min()), int(per_class.max())}))
    rows = [
        ("run", str(run.folder), "--run"),
        ("hardware", f"{hardware['processor']}, {hardware['cores']} cores, {hardware['memory_gb']} GB", ""),
        ("data", f"{dataset.name}: {len(dataset.class_names)} classes", "--data"),
        ("pictures", counts, "--limit, --set data.validation_fraction=…"),
        ("balance", f"{balance} training pictures per class", "--set training.class_weights=true"),
        ("skipped", f"{len(data.skipped)} files" + (", listed in data.json" if data.skipped else ""), ""),
    ]
    if "test" not in splits:
        rows.append(("test", "none: the last figures are of validation, by which the best epoch was chosen", ""))
    rows += [("note", note, "") for note in dataset.notes]
    if run.record["interruptions"]:
        rows.append(("resumed", f"{len(run.record['interruptions'])}. time", ""))
    show_table(console, "Found", rows)
