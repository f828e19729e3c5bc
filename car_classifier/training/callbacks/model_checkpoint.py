"""The epoch whose weights are kept."""

from typing import Any

import keras

from car_classifier.training.callbacks.monitor import Monitor


class ModelCheckpoint(keras.callbacks.Callback):
    """Marks the epoch whose weights are the best by one figure; the loop keeps the weights themselves.

    Args:
        name: of the model file, without ending ("model", "top3").
        monitor: key of the epoch's figures.
    """

    def __init__(self, name: str, monitor: str):
        super().__init__()
        self.name, self.monitor = name, Monitor(monitor)
        self.epoch: int | None = None
        self.is_new = False

    def on_epoch_end(self, epoch, logs=None):
        """Note whether the epoch (counted from 1 over all phases) is the best so far."""
        self.is_new = self.monitor.improved(logs or {})
        if self.is_new:
            self.epoch = epoch

    def state(self) -> dict[str, Any]:
        """Return what an interruption must not lose, as JSON."""
        return {**self.monitor.state(), "epoch": self.epoch}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over an earlier `state()`."""
        self.monitor.restore(state)
        self.epoch = state["epoch"]

    def reset(self) -> None:
        """Phases share the best: nothing is forgotten."""
        return
