"""The fall of the rate when the loss stalls."""

from typing import Any

import keras

from car_classifier.training.callbacks.monitor import Monitor


class ReduceRateOnPlateau(keras.callbacks.Callback):
    """Holds the factor by which the rate has fallen because the validation loss stalled.

    Args:
        monitor: key of the epoch's figures.
        factor: of each fall, in (0, 1).
        patience: epochs without improvement (by more than 0.0001) before a fall, at least 1.
    """

    def __init__(self, monitor: str, factor: float, patience: int):
        super().__init__()
        self.monitor, self.step, self.patience = Monitor(monitor, 1e-4), factor, patience
        self.factor = 1.0

    def on_epoch_end(self, epoch, logs=None):
        """Count the epoch and let the factor fall when patience is over."""
        self.monitor.improved(logs or {})
        if self.monitor.wait >= self.patience:
            self.factor *= self.step
            self.monitor.wait = 0

    def state(self) -> dict[str, Any]:
        """Return what an interruption must not lose, as JSON."""
        return {**self.monitor.state(), "factor": self.factor}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over an earlier `state()`."""
        self.monitor.restore(state)
        self.factor = state["factor"]

    def reset(self) -> None:
        """Start a new phase."""
        self.monitor.reset()
        self.factor = 1.0
