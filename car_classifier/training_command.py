"""What `train` and `demo` do with their options: settings, data, run folder, training."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.errors import InterruptedRun, UserError
from car_classifier.base.files import read_json
from car_classifier.commands.options import build_config
from car_classifier.config import Config, parse_assignments
from car_classifier.defaults import default_model, jsonable, resolve_config, resolve_for_data, run_name
from car_classifier.model_file import load_model, write_h5
from car_classifier.places import data_home
from car_classifier.prepared_data import PreparedData, prepare_data, read_source
from car_classifier.screen import LOG, create_console, log_to, progress_bar, show_table
from car_classifier.training.stop import StopRequest
from car_classifier.training_run import Extras, TrainingRun, record_data, show_summary
from data.dataset import SPLIT_NAMES
from models.pretrained import locate_weights
from models.registry import model_entry
from results.run_store import Run, find_run


@dataclass(frozen=True)
class TrainingRequest:
    """The options of a training command.

    Args:
        command: "train" or "demo"; begins the run's name.
        shorthand: dotted name to value of options with a name of their own; None: not given.
        settings: texts of `--set`.
        hyperparameters: "default", a run, or a JSON file of dotted names.
        data_dir: of `--data-dir`.
        run: name of the run; None: made from the settings.
        runs_dir: folder of all runs.
        extras: what is done besides training.
    """

    command: str
    shorthand: dict[str, Any]
    settings: tuple[str, ...]
    hyperparameters: str
    data_dir: Path | None
    run: str | None
    runs_dir: Path
    extras: Extras


def run_training(request: TrainingRequest) -> dict[str, Any]:
    """Train as asked, or go on, or show what a finished run found; return the summary.

    Raises:
        InterruptedRun: with the command that goes on.
    """
    console, stop = create_console(), StopRequest()
    home = data_home(request.data_dir)
    with stop.on_signals():
        config = _settings(request, home)
        dataset = read_source(config)
        config = resolve_for_data(config, dataset)
        folder = _folder(request, config)
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


def _settings(request: TrainingRequest, home: Path) -> Config:
    shorthand = dict(request.shorthand)
    assigned = parse_assignments(list(request.settings))
    source = assigned.get("data.source", shorthand["data.source"])
    hyperparameters = read_hyperparameters(request.hyperparameters, request.runs_dir)
    config = build_config({**shorthand, "data.directory": str(home)}, list(request.settings), hyperparameters)
    given = {name for name, value in shorthand.items() if value is not None} | set(hyperparameters)
    given |= set(assigned)
    if "model.name" not in given:
        config = config.override({"model.name": default_model(source)})
    if config.model.weights is not None:
        config = config.override({"model.weights": _weights_source(config.model.weights, request.runs_dir)})
    return resolve_config(config, given)


def check_model(config: Config, home: Path) -> None:
    """Raise before a run is made when its weights are not at hand or its pictures are too small for the model.

    Raises:
        UserError: says what to do.
    """
    locate_weights(config.model.name, config.model.weights, home / "weights")
    smallest = model_entry(config.model.name).min_image_size
    if config.data.image_size < smallest:
        raise UserError(
            f"Model {config.model.name!r} needs pictures of at least {smallest}×{smallest} pixels. Received: --image-size "
            f"{config.data.image_size}.\nPass --image-size {smallest} or more, or choose another model."
        )


def _weights_source(weights: str, runs_dir: Path) -> str:
    """A run's name becomes its model file; names of published weights and files stay."""
    if (runs_dir / weights / "run.json").is_file() or (Path(weights) / "run.json").is_file():
        return str((find_run(weights, runs_dir) / "model.keras").resolve())
    return weights


def read_hyperparameters(source: str, runs_dir: Path) -> dict[str, Any]:
    """Return dotted settings from `--hyperparameters`: none for "default", a search's winner, those of a
    training, or a JSON file (dotted or flat names).

    Raises:
        UserError: there is no such run or file.
    """
    if source == "default":
        return {}
    path = Path(source)
    if not path.is_file():
        folder = find_run(source, runs_dir)
        path = folder / "best.json"
        if not path.is_file():
            return _hyperparameters_of_training(folder)
    content = read_json(path)
    values = content.get("values", content) if isinstance(content, dict) else None
    if not isinstance(values, dict):
        raise UserError(f"{path} must hold a JSON object from setting to value. Received: {type(content).__name__}.")
    return values


def _hyperparameters_of_training(folder: Path) -> dict[str, Any]:
    settings = read_json(folder / "config.json")
    return {
        name: value for name, value in settings.items()
        if name.startswith(("model.", "training.", "augmentation.")) and name != "model.weights"
    }


def _folder(request: TrainingRequest, config: Config) -> Path:
    if request.run is None:
        return request.runs_dir / run_name(request.command, config)
    path = Path(request.run)
    return path if path.is_absolute() or len(path.parts) > 1 else request.runs_dir / path


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
