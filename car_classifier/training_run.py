"""A training as a run on disk: data in, model, figures and plots out; used by every command that trains."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from rich.console import Console

from car_classifier.backends.devices import Devices, distribute_over_devices, find_devices
from car_classifier.base.counts import describe_count
from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import sha256_of_file
from car_classifier.base.registry import resolve
from car_classifier.calibrate import calibrate_model
from car_classifier.config import Config
from car_classifier.decisions import (
    Decision,
    decide_precision,
    decide_xla,
    describe_augmentation,
    describe_loss,
    describe_rate,
    describe_weights,
)
from car_classifier.epoch_lines import EpochLines
from car_classifier.evaluation import LONG, headline, warn_of_openings
from car_classifier.final_evaluation import FinalEvaluation
from car_classifier.forecast import Forecast
from car_classifier.hyperparameters import flat_hyperparameters
from car_classifier.model_file import ModelCard, write_h5
from car_classifier.pipeline import PipelineOptions, PipelineResult, run_model_pipeline
from car_classifier.places import program_home
from car_classifier.prepared_data import PreparedData
from car_classifier.reload_check import TOLERANCE, check_reload
from car_classifier.screen import LOG, CountBar, describe_duration, progress_bar, show_table
from car_classifier.training.history_writer import NOT_A_COLUMN
from car_classifier.training.phases import Phase, describe_epochs, plan_phases
from car_classifier.training.stop import StopRequest
from data.loader import PictureLoader
from models.cost import measure_cost
from models.freezing import describe_trained
from models.registry import MODELS
from models.weight_files import weights_of
from results.plots.history import plot_history
from results.run_store import Run
from results.tables import read_history, write_history

FRESH_SAMPLE = 8  # pictures that the reloaded model must predict alike


@dataclass(frozen=True)
class Extras:
    """What a training does besides training.

    Args:
        evaluate_on: split that is evaluated at the end: "test", "validation" or "none".
        profile: write a profile of a few steps.
        h5: write a copy of the model as model.h5.
    """

    evaluate_on: str = "test"
    profile: bool = False
    h5: bool = False


@dataclass(frozen=True)
class TrainingRun:
    """Everything one training needs.

    Args:
        run: its folder, locked.
        config: every setting, resolved.
        data: read, checked and split.
        home: folder of data sets and weights.
        console: where progress is shown.
        extras: what is done besides training.
    """

    run: Run
    config: Config
    data: PreparedData
    home: Path
    console: Console
    extras: Extras

    def execute(self, stop: StopRequest) -> dict[str, Any]:
        """Train what is left, evaluate, store; return the summary that `--json` prints.

        Raises:
            InterruptedRun: the same command goes on.
        """
        devices = find_devices()
        precision = decide_precision(self.config.training.precision, devices)
        xla = decide_xla(self.config.training.xla, devices, backend=keras.backend.backend())
        self._record_decisions(devices, precision, xla)
        result = self._train(stop, precision, xla)
        rows = [{name: value for name, value in row.items() if name != NOT_A_COLUMN} for row in result.history]
        write_history(self.run.folder / "history.csv", rows)  # a resume may have had no epoch left that would do it
        plot_history(rows, self.run.folder / "plots" / "history.png", best_epoch=result.best_epoch)
        stop.check()
        with self.run.step("calibration"), progress_bar(self.console, "Validation pictures") as told:
            card = calibrate_model(self.run.folder, result.model, self.data,
                                   probabilities=result.validation_probabilities, told=stop.checked(told))
        with self.run.step("evaluation"):
            evaluation = FinalEvaluation(self.run, self.data, self.extras.evaluate_on, self.console)
            figures = evaluation.measure(result.model, card, validation=result.validation_probabilities, stop=stop)
        if self.extras.h5:
            write_h5(result.model, self.run.folder)
        with self.run.step("reload"):
            self._check_reload(result.model, precision.value)
        summary = self._summary(result, figures)
        stop.check()
        self.run.finish(summary)
        return summary

    def _record_decisions(self, devices: Devices, precision: Decision, xla: Decision) -> None:
        spread = distribute_over_devices(devices)
        backend = keras.backend.backend()
        decided = {"backend": backend, "devices": list(devices.names), "precision": vars(precision), "xla": vars(xla)}
        self.run.update(**decided, data_parallel=spread, seeds={"seed": self.config.seed})
        training = self.config.training
        rows = [
            ("backend", f"{backend} on {', '.join(devices.names)}" + (f" ({spread})" if spread else ""), "KERAS_BACKEND"),
            ("precision", f"{precision.value}: {precision.reason}", "--set training.precision=…"),
            ("XLA", f"{xla.value}: {xla.reason}", "--set training.xla=…"),
            ("batch", f"{training.batch_size} pictures × {training.accum_steps} per update", "--batch-size"),
            ("epochs", describe_epochs(self._phases(), refit=training.refit),
             "--epochs, --set training.early_stopping_patience=…"),
            ("rate", describe_rate(self.config), "--set training.learning_rate=…"),
            ("average", f"of the weights, {training.ema_decay:g} of it kept per update" if training.ema_decay else None,
             "--set training.ema_decay=…"),
            ("loss", describe_loss(self.config), "--set training.loss=…"),
            ("augmentation", describe_augmentation(self.config), "--set augmentation.augment=…"),
            ("pictures", self._describe_geometry(), "--image-size, --set data.geometry=…"),
        ]
        show_table(self.console, "Decided", [row for row in rows if row[1] is not None])

    def _describe_geometry(self) -> str:
        geometry = self.data.geometry
        cut = f", cut to the box with a margin of {100 * geometry.box_margin:.0f} %" if geometry.cut_to_box else ""
        return f"{geometry.image_size}×{geometry.image_size}, {geometry.geometry}{cut}"

    def _train(self, stop: StopRequest, precision: Decision, xla: Decision) -> PipelineResult:
        config, data = self.config, self.data
        train = data.train_loader()
        forecast = self._forecast(train)
        options = PipelineOptions(
            seed=config.seed,
            precision=precision.value,
            xla=xla.value == "on",
            card=self._card(),
            refit_generator=data.refit_loader() if config.training.refit else None,
            features_folder=program_home() / "features",
            observers=(EpochLines(self.console, forecast), StepSaver(self.run)),
            extended_from=self.run.extended_from,
            profile=self.extras.profile,
            stop=stop,
            step=self.run.step,
            told_features=stop.checked(CountBar(self.console, "Features of the frozen backbone")),
            told_model=lambda network, trainable: self._tell_model(network, trainable, forecast),
        )
        size = data.geometry.image_size
        return run_model_pipeline(
            resolve("model", config.model.name, {name: entry.create for name, entry in MODELS.items()}),
            config.model.name,
            self._hyperparams(),
            (size, size, 3),
            len(data.dataset.class_names),
            train,
            data.evaluation_loader("validation") if "validation" in data.dataset.splits else None,
            config.training.epochs,
            config.training.accum_steps,
            run_folder=self.run.folder,
            options=options,
        )

    def _hyperparams(self) -> dict[str, Any]:
        return flat_hyperparameters(self.config, weights_of(self.config.model, self.home / "weights"))

    def _card(self) -> ModelCard:
        dataset = self.data.dataset
        return ModelCard(
            model_name=self.config.model.name, data=dataset.name, class_names=dataset.class_names,
            levels=dict(dataset.levels), geometry=self.data.geometry,
        )

    def _phases(self) -> tuple[Phase, ...]:
        config = self.config
        pretrained = config.model.weights not in (None, "none")
        return plan_phases(config.training, pretrained=pretrained, x_trainable=config.model.x_trainable,
                           extended_from=self.run.extended_from)

    def _forecast(self, loader: PictureLoader) -> Forecast:
        phases = self._phases()[-1:] if self.run.extended_from else self._phases()
        return Forecast(phases, self.data, loader=loader, opens_test=self.extras.evaluate_on == "test")

    def _tell_model(self, network: keras.Model, trainable: list[str], forecast: Forecast) -> None:
        count = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
        layers = describe_trained(trainable)
        self.run.update(cost=vars(measure_cost(network)))
        weights = f"{network.count_params():,} weights, {count:,} of them trainable"
        forecast.measure(network)
        seconds = forecast.in_all(self._rows_before())
        rows = [
            ("model", f"{network.name}: {weights}", "--model"),
            ("weights", describe_weights(self.config), "--weights"),
            ("layers", layers, "--set model.x_trainable=…"),
            ("time", f"about {describe_duration(seconds)} in all while nothing else runs; early stopping may end it before",
             "--epochs, --set training.early_stopping_patience=…"),
        ]
        show_table(self.console, "Model", rows)

    def _rows_before(self) -> list[dict[str, Any]]:
        """The epochs that an earlier process left; the checkpoint has them too, so nothing depends on their file."""
        history = self.run.folder / "history.csv"
        try:
            return read_history(history) if history.is_file() else []
        except DataError as error:
            LOG.warning("%s The forecast is made without it; training writes it anew.", error)
            return []

    def _check_reload(self, network: keras.Model, precision: str) -> None:
        batch = next(iter(self.data.train_loader().unaugmented().epoch(0))).pictures[:FRESH_SAMPLE]
        tolerance = TOLERANCE if precision == "float32" else 1e-2
        check_reload(self.run.folder / "model.keras", batch, network.predict_on_batch(batch), tolerance=tolerance)

    def _summary(self, result: PipelineResult, figures: dict[str, dict | None]) -> dict[str, Any]:
        steps = self.run.record["steps"].values()
        short = {
            split: None if values is None else {k: v for k, v in values.items() if k not in LONG}
            for split, values in figures.items()
        }
        return {
            "run": str(self.run.folder), "status": "done", "model": self.config.model.name, "data": self.data.dataset.name,
            "epochs": len(result.history), "best_epoch": result.best_epoch, **short,
            "seconds": sum(step["seconds"] for step in steps), "cpu_seconds": sum(step["cpu_seconds"] for step in steps),
        }


class StepSaver(keras.callbacks.Callback):
    """Writes after every epoch how far the run has come and what its steps have taken.

    Args:
        run: whose run.json it is.
    """

    def __init__(self, run: Run):
        super().__init__()
        self._run = run

    def on_epoch_end(self, epoch, logs=None):
        """Write."""
        phase = self.params["phase"]
        done = sum(row["phase"] == phase.name for row in self.params["rows"])
        self._run.record["progress"] = {"phase": phase.name, "epoch": done, "epochs": phase.epochs}
        self._run.save_steps()


def record_weights(run: Run, config: Config, home: Path) -> None:
    """Note which file of weights the run begins with; on a run that exists, refuse another.

    Raises:
        UserError: the file is not the one that the run began with.
    """
    weights = weights_of(config.model, home / "weights")
    checksum = None if weights is None else sha256_of_file(weights)
    if run.record.setdefault("weights_sha256", checksum) != checksum:
        raise UserError(
            f"The file of {config.model.weights!r} is not the one that {run.folder} began with.\n"
            "Put the old one back, or choose another name with --run."
        )
    run.update(weights_sha256=checksum)


def show_summary(console: Console, record: dict[str, Any]) -> None:
    """Print the result that run.json holds; the last line is the next command to type."""
    summary = record["summary"]
    console.print()
    for split in ("validation", "test"):
        if summary[split] is not None:
            console.print(f"[bold]{split}[/bold]: {headline(summary[split])}")
    if record["evaluations_of_test"] > 1:
        console.print(warn_of_openings(record["evaluations_of_test"]), style="yellow")
    console.print(f"{describe_count(summary['epochs'], 'epoch')}, best {summary['best_epoch']}; "
                  f"{describe_duration(summary['seconds'])}, {describe_duration(summary['cpu_seconds'])} of CPU; "
                  f"everything is in {summary['run']}")
    console.print(f"Next: python -m car_classifier report {shlex.quote(summary['run'])}", markup=False, soft_wrap=True)
