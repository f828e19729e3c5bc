"""A trial of a search as a training: what runs inside the worker processes."""

import tempfile
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import keras

from car_classifier.backends.compilation import share_compiled_functions
from car_classifier.backends.devices import find_devices
from car_classifier.base.errors import DataError, UserError, is_out_of_memory
from car_classifier.base.registry import resolve
from car_classifier.config import Config, parse_config
from car_classifier.decisions import decide_precision, decide_xla
from car_classifier.defaults import resolve_config, resolve_for_data
from car_classifier.hyperparameters import divided, flat_hyperparameters
from car_classifier.pipeline import PipelineOptions, run_model_pipeline
from car_classifier.places import program_home
from car_classifier.prepared_data import PreparedData, picture_geometry, prepare_data, read_source
from models.registry import MODELS
from models.weight_files import weights_of
from search.batch_division import next_divisor
from search.executor import TrialTask
from search.objective import Objective, Report

# A search compares validation figures: what a training does besides is left out.
ONLY_TRAINING = {"training.refit": False, "training.tensorboard": False}


class TrainingObjective(Objective):
    """Trains a model with the values of a trial; the pictures are read, and features of a frozen backbone made, once.

    Args:
        job: `config` (settings of the default configuration, still open ones as None), `given` (dotted names that the
            user set) and `weights_dir`.
    """

    def prepare(self, *, sparingly: bool) -> dict[str, Any]:
        """Read the pictures and make the features.

        Returns:
            `seconds_per_epoch` of the default configuration; None where memory does not suffice to measure it, which is
            no more than an estimate: trial 0 then finds out what fits.
        """
        share_compiled_functions(program_home() / "compiled")
        config = self._config({"training.head_epochs": 0})  # the phase that trains longest
        return {"seconds_per_epoch": None if sparingly else self._seconds_per_epoch(config)}

    def run(self, task: TrialTask, report: Report) -> None:
        """Train a trial; see `Objective.run`."""
        config = self._config(task.values)
        reporter = _Reporter(report, last=task.epochs)
        try:
            rows = self._train(config.override(divided(config, task.micro_batch_divisor)), task.folder, reporter)
            reporter.catch_up(rows)
        except _Enough:
            pass

    def _seconds_per_epoch(self, config: Config) -> float | None:
        """Measure, with a batch in as many parts as it takes to fit into memory."""
        divisor: int | None = 1
        while divisor is not None:
            try:
                return self._probe(config.override(divided(config, divisor)))
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
            divisor = next_divisor(config.training.batch_size, divisor)
        return None

    def _probe(self, config: Config) -> float:
        probe = _Probe()
        with tempfile.TemporaryDirectory() as folder, suppress(_Enough):
            self._train(config, Path(folder), probe)
        return probe.seconds_per_epoch

    def _config(self, values: dict[str, Any]) -> Config:
        config = parse_config(self.job["config"]).override({**values, **ONLY_TRAINING})
        return resolve_for_data(resolve_config(config, {*self.job["given"], *values}), self._data.dataset)

    @cached_property
    def _data(self) -> PreparedData:
        config = resolve_config(parse_config(self.job["config"]), set(self.job["given"]))
        dataset = read_source(config)
        return prepare_data(resolve_for_data(config, dataset), dataset, told=lambda done, total: None)

    def _weights(self, config: Config) -> Path | None:
        try:
            return weights_of(config.model, Path(self.job["weights_dir"]))
        except UserError as error:  # a missing file, or a download that failed, says nothing about the trial's values
            raise DataError(str(error)) from error

    def _train(self, config: Config, folder: Path, observer: keras.callbacks.Callback) -> list[dict[str, Any]]:
        keras.backend.clear_session()  # nothing of one trial, not even the count of layers, reaches the next
        data = replace(self._data, geometry=picture_geometry(config), config=config)
        devices, size = find_devices(), data.geometry.image_size
        options = PipelineOptions(
            seed=config.seed,
            precision=decide_precision(config.training.precision, devices).value,
            xla=decide_xla(config.training.xla, devices, backend=keras.backend.backend()).value == "on",
            features_folder=program_home() / "features",
            store=False,
            observers=(observer,),
        )
        weights = self._weights(config)
        return run_model_pipeline(
            resolve("model", config.model.name, {name: entry.create for name, entry in MODELS.items()}),
            config.model.name,
            flat_hyperparameters(config, weights),
            (size, size, 3),
            len(data.dataset.class_names),
            data.train_loader(),
            data.evaluation_loader("validation"),
            config.training.epochs,
            config.training.accum_steps,
            run_folder=folder,
            options=options,
        ).history


class _Enough(Exception):
    """Leaves a training whose state is stored."""


class _Reporter(keras.callbacks.Callback):
    """Reports every epoch and leaves the training when told to, or after epoch `last` of the main phase."""

    def __init__(self, report: Report, *, last: int | None):
        super().__init__()
        self._report, self._last = report, last
        self._told = self._told_of_main = 0

    def on_train_begin(self, logs=None):
        """Report the epochs that an earlier attempt has done."""
        self.catch_up(self.params["rows"])

    def on_epoch_end(self, epoch, logs=None):
        """Report an epoch."""
        self._told += 1
        self._told_of_main += logs["phase"] != "head"
        if not self._report(logs) or self._told_of_main == self._last:
            raise _Enough

    def catch_up(self, rows: list[dict[str, Any]]) -> None:
        """Report those of `rows` that have not been."""
        for row in rows[self._told :]:
            self.on_epoch_end(row["epoch"], row)


class _Probe(keras.callbacks.Callback):
    """Notes what an epoch will take, and leaves the training before the first."""

    def on_train_begin(self, logs=None):
        """Note it."""
        self.seconds_per_epoch = self.params["seconds_per_batch"] * self.params["num_batches"]
        raise _Enough
