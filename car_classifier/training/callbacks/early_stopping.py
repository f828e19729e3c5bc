"""The end of a phase that has stopped improving."""

from typing import Any

import keras

from car_classifier.training.callbacks.monitor import Monitor


class EarlyStopping(keras.callbacks.Callback):
    """Ends a phase after `patience` epochs without improvement.

    The loop itself gives the best weights back at the end of every phase.

    Args:
        monitor: key of the epoch's figures.
        patience: epochs, at least 1.
    """

    def __init__(self, monitor: str, patience: int):
        super().__init__()
        self.monitor, self.patience = Monitor(monitor), patience
        self.should_stop = False

    def on_epoch_end(self, epoch, logs=None):
        """Count the epoch."""
        self.monitor.improved(logs or {})
        self.should_stop = self.monitor.wait >= self.patience

    def state(self) -> dict[str, Any]:
        """Return what an interruption must not lose, as JSON."""
        return self.monitor.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Take over an earlier `state()`."""
        self.monitor.restore(state)
        self.should_stop = self.monitor.wait >= self.patience

    def reset(self) -> None:
        """Start a new phase."""
        self.monitor.reset()
        self.should_stop = False
