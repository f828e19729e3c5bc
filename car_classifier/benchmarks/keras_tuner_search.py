"""The other side: KerasTuner's own `Tuner`. The one file beside the engine that imports the library: to measure it."""

import contextlib
import io
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import keras_tuner
import numpy as np

from car_classifier.benchmarks.networks import uses_xla
from car_classifier.config import Config
from car_classifier.training.optimizers import create_optimizer

Arrays = tuple[np.ndarray, np.ndarray]


class KerasTunerSearch:
    """Runs the next trial of a `keras_tuner.Tuner` per call: `model.fit` on arrays in memory, with loss and accuracy.

    Args:
        config: of the default configuration.
        values: of each trial, which its oracle proposes in this order.
        build: makes a network from settings.
        data: training and validation pictures (or features) with one-hot labels.
        folder: where the library writes.
    """

    def __init__(self, config: Config, values: Sequence[dict[str, Any]], build: Callable[[Config], keras.Model],
                 data: tuple[Arrays, Arrays], *, folder: Path):
        self._data, self._epochs = data, config.training.epochs
        with _silence():
            self._tuner = _Tuner(_ListedValues(values), _Trials(config, build), directory=str(folder), project_name="search")

    def __call__(self, epochs: int | None = None) -> None:
        """Run a trial to its end.

        Args:
            epochs: None trains as many as the settings say.

        Raises:
            RuntimeError: the trial failed; the message holds its traceback.
        """
        train, validation = self._data
        self._tuner.oracle.max_trials += 1  # `search` ends when they are done, and goes on when called again
        with _silence():
            self._tuner.search(*train, validation_data=validation, epochs=epochs or self._epochs, verbose=0)


class _Trials(keras_tuner.HyperModel):
    """Networks and their training from the values of a trial, compiled with the optimizers of our own training."""

    def __init__(self, config: Config, build: Callable[[Config], keras.Model]):
        super().__init__()
        self._config, self._build_network = config, build

    def build(self, hp: keras_tuner.HyperParameters) -> keras.Model:
        """Return the compiled network of a trial; without values, as at the start, of the default configuration."""
        config = self._config.override(hp.values)
        network = self._build_network(config)
        optimizer = create_optimizer(config.training, network.trainable_variables, plain=True)
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=config.training.label_smoothing)
        network.compile(optimizer, loss, metrics=["accuracy"], jit_compile=uses_xla(config))
        return network

    def fit(self, hp: keras_tuner.HyperParameters, model: keras.Model, *args: Any, **kwargs: Any) -> keras.callbacks.History:
        """Train with the trial's batch size."""
        batch_size = self._config.override(hp.values).training.batch_size
        return model.fit(*args, batch_size=batch_size, **kwargs)


class _ListedValues(keras_tuner.Oracle):
    """Proposes the values of a list in its order; the first trial that fails ends the search."""

    def __init__(self, values: Sequence[dict[str, Any]]):
        objective = keras_tuner.Objective("val_loss", "min")
        super().__init__(objective, max_trials=0, max_consecutive_failed_trials=1)
        self._values = values

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Return the values of the next trial."""
        return {"status": "RUNNING", "values": dict(self._values[len(self.trials)])}


class _Tuner(keras_tuner.Tuner):
    """The library's tuner."""

    def _configure_tensorboard_dir(self, callbacks: list, trial: Any, execution: int = 0) -> None:
        """Leave out what needs a package that TensorFlow no longer brings, and serves only logs that nobody asked for."""
        return


@contextlib.contextmanager
def _silence():
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
