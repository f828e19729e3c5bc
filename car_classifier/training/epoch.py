"""One pass over the training pictures, and one over those of validation."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from car_classifier.backends.step import TrainingStep
from car_classifier.training.clock import EpochClock
from car_classifier.training.losses import create_loss
from car_classifier.training.running_phase import RunningPhase
from car_classifier.training.state import TrainingState
from results.running_metrics import RunningMetrics


class TrainingEpoch:
    """Trains over the rest of the running epoch.

    Args:
        running: the phase.
        state: where the training stands; `batch`, `updates`, `running` and `clocks` are kept up to date at every safe point.
        accum_steps: batches per update.
        plateau_factor: of the rate in this epoch.
    """

    def __init__(self, running: RunningPhase, state: TrainingState, *, accum_steps: int, plateau_factor: float):
        self._running, self._state, self._accum_steps, self._factor = running, state, accum_steps, plateau_factor
        self._metrics = RunningMetrics(running.data.model.output_shape[-1])
        if state.running is not None:
            self._metrics.restore(state.running)
        self._clock = EpochClock(state.clocks)
        self._window = 0
        self.rate = running.rule.rate(state.updates, plateau_factor)

    def run(self, after_batch: Callable[[int], None], at_safe_point: Callable[[], None]) -> dict[str, Any]:
        """Train to the end of the epoch; return its training figures.

        Args:
            after_batch: called with the number of each finished batch, from 0.
            at_safe_point: called after every update but the epoch's last; may raise to stop the training there.
        """
        loader = self._running.data.train
        batches = loader.epoch(self._state.epoch, start_batch=self._state.batch)
        for batch in self._clock.waiting(batches):
            is_last = self._state.batch + 1 == loader.num_batches
            updated = self._train(batch, is_last)
            self._state.batch += 1
            after_batch(self._state.batch - 1)
            if updated and not is_last:
                at_safe_point()
        return self._metrics.result()

    def remember(self) -> None:
        """Write what the epoch has counted so far into the state."""
        self._state.running = self._metrics.state()
        self._state.clocks = self._clock.read()

    def clocks(self) -> dict[str, float]:
        """Return what the epoch took so far."""
        return self._clock.read()

    def _train(self, batch: Any, is_last: bool) -> bool:
        step, inputs = self._running.step, batch[:3]
        self.rate = self._running.rule.rate(self._state.updates, self._factor)
        decay = self._running.decay(self._state.updates)
        if self._accum_steps == 1:
            outputs = step.train(*inputs, self.rate, decay)
            self._metrics.add(batch.labels, *outputs)
            self._state.updates += 1
            return True
        self._metrics.add(batch.labels, *step.accumulate(*inputs))
        self._window += len(batch.labels)
        if not is_last and (self._state.batch + 1) % self._accum_steps:
            return False
        step.update(self.rate, self._window, decay)
        self._window = 0
        self._state.updates += 1
        return True


def validate(step: TrainingStep, loader: Any, *, num_classes: int) -> dict[str, Any]:
    """Return the figures of `loader`'s pictures in inference mode; the loss is plain cross-entropy whatever trains."""
    metrics, loss = RunningMetrics(num_classes), create_loss()
    for batch in loader.epoch(0):
        probabilities = step.predict(batch[0])
        weights = np.ones(len(batch.labels), np.float32)
        losses = loss(keras.ops.convert_to_tensor(batch.labels), probabilities, weights)
        metrics.add(batch.labels, probabilities, losses)
    return metrics.result()
