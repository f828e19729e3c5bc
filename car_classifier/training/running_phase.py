"""A phase under way: the model that trains, its optimizer and its compiled step."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import keras

from car_classifier.backends.profiler import profile_work
from car_classifier.backends.step import create_step
from car_classifier.training.config import TrainingConfig
from car_classifier.training.l2_sp import pretrained_values
from car_classifier.training.layer_rates import rate_factors
from car_classifier.training.losses import create_loss
from car_classifier.training.optimizers import changing_optimizer_variables, create_optimizer
from car_classifier.training.phases import Phase
from car_classifier.training.rate import RateRule
from car_classifier.training.variables import Arrays, assign_variables, changing_variables, copy_variables
from car_classifier.training.weight_average import WeightAverage, decay_of_update

TIMED_BATCHES = 6
PROFILED_BATCHES = 10
ROLES = ("changing", "optimizer", "average")  # the parts of a state


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
    """Optimizer, step, rate and averages of a phase, and its arrays for checkpoints.

    Args:
        phase: what was planned.
        data: what the phase trains, already frozen as planned.
        config: settings of training.
        names: of the whole network's variables.
        initial: values of the whole network before the first phase, by name, which `training.l2_sp` pulls to; empty: no pull.
        xla: compile the step with XLA.
    """

    def __init__(self, phase: Phase, data: PhaseData, *, config: TrainingConfig, names: dict[int, str], initial: Arrays,
                 xla: bool):
        self.phase, self.data, self._names = phase, data, names
        self._accum_steps, self._ema_decay = config.accum_steps, config.ema_decay
        self._optimizer = create_optimizer(
            config, data.model.trainable_variables, rate_factors=rate_factors(data.model, config.layer_rate_decay),
            starts=pretrained_values(data.model, initial, names),
        )
        self._optimizer_variables = changing_optimizer_variables(self._optimizer)
        self._optimizer_names = {id(v): f"{i:04d}" for i, v in enumerate(self._optimizer_variables)}
        self._average = WeightAverage(data.model) if config.ema_decay else None
        gamma = config.focal_gamma if config.loss == "focal" else None
        loss = create_loss(config.label_smoothing, getattr(data.train, "class_weights", None), focal_gamma=gamma)
        self.step = create_step(data.model, self._optimizer, loss, xla=xla, average=self._average)
        self.rule = self._create_rule(config)

    def state(self) -> dict[str, Arrays]:
        """Return by role what an interruption must not lose: what changes in the network, optimizer, averages if any."""
        self.step.write_back()
        state = {
            "changing": copy_variables(changing_variables(self.data.model), self._names),
            "optimizer": copy_variables(self._optimizer_variables, self._optimizer_names),
        }
        return state if self._average is None else {**state, "average": self._averages()}

    def restore(self, state: dict[str, Arrays]) -> None:
        """Take over an earlier `state`."""
        assign_variables(self.data.model.variables, self._names, state["changing"])
        assign_variables(self._optimizer_variables, self._optimizer_names, state["optimizer"])
        if self._average is not None:
            assign_variables(self._average.variables, self._average.names(self._names), state["average"])
        self.step.read_again()

    def result(self) -> Arrays:
        """Return what the phase has made of the network's variables, under the network's names: averages where there are."""
        self.step.write_back()
        changing = copy_variables(changing_variables(self.data.model), self._names)
        return changing if self._average is None else {**changing, **self._averages()}

    @contextmanager
    def showing_result(self) -> Iterator[None]:
        """Let the network hold the result as long as the block runs."""
        if self._average is None:
            yield
            return
        state = self.state()
        self.restore({**state, "changing": {**state["changing"], **state["average"]}})
        try:
            yield
        finally:
            self.restore(state)

    def decay(self, update: int) -> float:
        """Return the decay of the averages for update number `update`, counted from 0 within the phase."""
        return decay_of_update(self._ema_decay, update)

    def measure_seconds_per_batch(self) -> float:
        """Train a few batches, return the mean seconds of one, loading included, and leave everything as it was."""
        before = self.state()
        batches = self.data.train.epoch(0)
        self._train_once(next(batches))  # compiles
        start, count = time.perf_counter(), 0
        for batch in islice(batches, TIMED_BATCHES):
            self._train_once(batch)
            count += 1
        seconds = (time.perf_counter() - start) / max(count, 1)
        batches.close()
        self.restore(before)
        return seconds

    def profile(self, folder: Path) -> None:
        """Write a profile of a few training batches, loading included, and leave everything as it was."""
        before = self.state()
        batches = self.data.train.epoch(0)
        self._train_once(next(batches))
        profile_work(lambda: [self._train_once(batch) for batch in islice(batches, PROFILED_BATCHES)], folder)
        batches.close()
        self.restore(before)

    def _averages(self) -> Arrays:
        return copy_variables(self._average.variables, self._average.names(self._names))

    def _train_once(self, batch: Any) -> None:
        rate = self.rule.rate(0)
        if self._accum_steps > 1:
            outputs = self.step.accumulate(*batch[:3])
            self.step.update(rate, len(batch.labels), self.decay(0))
        else:
            outputs = self.step.train(*batch[:3], rate, self.decay(0))
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
