"""The other side: Keras' own `fit`."""

import threading
from queue import SimpleQueue

import keras
import numpy as np

from car_classifier.benchmarks.networks import uses_xla
from car_classifier.config import Config
from car_classifier.training.optimizers import create_optimizer

NO_END = 10**9  # epochs: `fit` is left when nobody asks for another


class KerasFit:
    """Trains one epoch per call, all of them within a single `fit`; a context manager, which ends it.

    What `fit` does once (the pipeline of its arrays, about a second) would weigh on every turn if each called it anew.
    So it runs in a thread of its own and waits before every epoch until it is asked for.

    Args:
        config: optimizer, batch size and XLA.
        network: the model.
        arrays: pictures [N, …] and one-hot labels [N, C], in memory. Pictures in uint8 are the fastest: least is copied.
        metrics: beside the loss.
    """

    def __init__(self, config: Config, network: keras.Model, arrays: tuple[np.ndarray, np.ndarray], *,
                 metrics: tuple[keras.metrics.Metric, ...] = ()):
        self._network, self._arrays, self._batch_size = network, arrays, config.training.batch_size
        optimizer = create_optimizer(config.training, network.trainable_variables, plain=True)
        network.compile(optimizer, "categorical_crossentropy", metrics=list(metrics), jit_compile=uses_xla(config))
        self._turns = _Turns()
        self._thread = threading.Thread(target=self._fit, daemon=True)

    def __enter__(self) -> "KerasFit":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._turns.asked.put(False)
        self._thread.join()

    def __call__(self) -> None:
        """Train the next epoch; an error in it is raised here."""
        self._turns.asked.put(True)
        error = self._turns.done.get()
        if error is not None:
            raise error

    def _fit(self) -> None:
        try:
            self._network.fit(*self._arrays, batch_size=self._batch_size, epochs=NO_END, verbose=0, callbacks=[self._turns])
        except _NoMoreTurns:
            return
        except BaseException as error:
            self._turns.done.put(error)


class _NoMoreTurns(Exception):
    """Leaves `fit`."""


class _Turns(keras.callbacks.Callback):
    """Holds every epoch back until it is asked for, and tells when it is done."""

    def __init__(self):
        super().__init__()
        self.asked: SimpleQueue[bool] = SimpleQueue()
        self.done: SimpleQueue[BaseException | None] = SimpleQueue()

    def on_epoch_begin(self, epoch, logs=None):
        if not self.asked.get():
            raise _NoMoreTurns

    def on_epoch_end(self, epoch, logs=None):
        self.done.put(None)
