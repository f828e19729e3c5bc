"""A phase under way: the model that trains, its optimizer and its compiled step."""

import math
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import keras

from car_classifier.backends.profiler import profile_work
from car_classifier.backends.step import create_step
from car_classifier.training.config import TrainingConfig
from car_classifier.training.losses import create_loss
from car_classifier.training.optimizers import create_optimizer
from car_classifier.training.phases import Phase
from car_classifier.training.rate import RateRule
from car_classifier.training.variables import Arrays, assign_variables, changing_variables, copy_variables

TIMED_BATCHES = 6
PROFILED_BATCHES = 10


@dataclass(frozen=True)
class PhaseData:
    """What a phase trains.

    Args:
        model: the whole network, or its head when features are cached; it shares its layers with the whole network.
        train: loader of training batches.
        validation: loader of validation batches in a fixed order; None for a refit.
        note: what the user should know about the pictures of this phase; may be empty.
    """

    model: keras.Model
    train: Any
    validation: Any | None
    note: str = ""


class RunningPhase:
    """Optimizer, step and rate of a phase, and its arrays for checkpoints.

    Args:
        phase: what was planned.
        data: what the phase trains, already frozen as planned.
        config: settings of training.
        names: of the whole network's variables.
        xla: compile the step with XLA.
    """

    def __init__(self, phase: Phase, data: PhaseData, *, config: TrainingConfig, names: dict[int, str], xla: bool):
        self.phase, self.data, self._names = phase, data, names
        self._accum_steps = config.accum_steps
        self._optimizer = create_optimizer(config, data.model.trainable_variables)
        self._optimizer_names = {id(v): f"{i:04d}" for i, v in enumerate(self._optimizer.variables)}
        self.step = create_step(data.model, self._optimizer, create_loss(config.label_smoothing), xla=xla)
        self.rule = self._create_rule(config)

    def arrays(self) -> Arrays:
        """Return the values of the network's variables that this phase can change, under the network's names."""
        self.step.write_back()
        return copy_variables(changing_variables(self.data.model), self._names)

    def optimizer_arrays(self) -> Arrays:
        """Return the values of the optimizer's variables."""
        return copy_variables(self._optimizer.variables, self._optimizer_names)

    def restore(self, arrays: Arrays, optimizer_arrays: Arrays) -> None:
        """Take over the values of an earlier `arrays` and `optimizer_arrays`."""
        assign_variables(self.data.model.variables, self._names, arrays)
        assign_variables(self._optimizer.variables, self._optimizer_names, optimizer_arrays)
        self.step.read_again()

    def measure_seconds_per_batch(self) -> float:
        """Train a few batches, return the mean seconds of one, loading included, and leave everything as it was."""
        before = self.arrays(), self.optimizer_arrays()
        batches = self.data.train.epoch(0)
        self._train_once(next(batches))  # compiles
        start, count = time.perf_counter(), 0
        for batch in islice(batches, TIMED_BATCHES):
            self._train_once(batch)
            count += 1
        seconds = (time.perf_counter() - start) / max(count, 1)
        batches.close()
        self.restore(*before)
        return seconds

    def profile(self, folder: Path) -> None:
        """Write a profile of a few training batches, loading included, and leave everything as it was."""
        before = self.arrays(), self.optimizer_arrays()
        batches = self.data.train.epoch(0)
        self._train_once(next(batches))
        profile_work(lambda: [self._train_once(batch) for batch in islice(batches, PROFILED_BATCHES)], folder)
        batches.close()
        self.restore(*before)

    def _train_once(self, batch: Any) -> None:
        rate = self.rule.rate(0)
        if self._accum_steps > 1:
            outputs = self.step.accumulate(*batch[:3])
            self.step.update(rate, len(batch.labels))
        else:
            outputs = self.step.train(*batch[:3], rate)
        keras.ops.convert_to_numpy(outputs[1])

    def _create_rule(self, config: TrainingConfig) -> RateRule:
        per_epoch = math.ceil(self.data.train.num_batches / config.accum_steps)
        return RateRule(
            base=self.phase.learning_rate,
            schedule=self.phase.schedule,
            num_updates=per_epoch * (self.phase.schedule_epochs or self.phase.epochs),
            warmup_updates=round(per_epoch * self.phase.warmup_epochs),
            step_updates=per_epoch * config.step_epochs,
            step_factor=config.step_factor,
            decay=config.decay,
        )
