"""The loop over phases and epochs: trains, validates, remembers, and goes on after any interruption."""

import logging
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from car_classifier.base.errors import DivergedError
from car_classifier.training.checkpoint import CheckpointStore
from car_classifier.training.config import TrainingConfig
from car_classifier.training.epoch import TrainingEpoch, validate
from car_classifier.training.phases import Phase, plan_refit
from car_classifier.training.running_phase import ROLES, PhaseData, RunningPhase
from car_classifier.training.state import TrainingState
from car_classifier.training.stop import StopRequest
from car_classifier.training.variables import assign_variables, copy_variables, name_variables

LOG = logging.getLogger("car_classifier")
CHECKPOINTED = ("model", "top3")  # callbacks that mark weights worth keeping


class TrainingLoop:
    """Runs phases one after the other on one network; every instance goes on where the store says.

    Args:
        network: the whole model, with the weights that the training begins with.
        prepare: makes the `PhaseData` of a phase and freezes what it freezes.
        config: settings of training.
        store: holds the state to go on from, if any.
        callbacks: from `create_callbacks`; they are restored after an interruption.
        observers: more Keras callbacks; they hear of everything and are not restored.
        stop: asked after every update.
        xla: compile the step with XLA.
        profiles: folder for a profile of a few steps of each phase; None: no profile.
    """

    def __init__(self, network: keras.Model, prepare: Callable[[Phase], PhaseData], *, config: TrainingConfig,
                 store: CheckpointStore, callbacks: dict[str, Any], observers: list[keras.callbacks.Callback],
                 stop: StopRequest, xla: bool, profiles: Path | None = None):
        self._network, self._prepare, self._config, self._store = network, prepare, config, store
        self._callbacks, self._observers, self._stop = callbacks, observers, stop
        self._xla, self._profiles = xla, profiles
        self._names = name_variables(network)
        self.state, self._files = TrainingState(), {}
        self._load()

    def run(self, phases: tuple[Phase, ...]) -> list[dict[str, Any]]:
        """Train what is left of `phases` (and of the refit, when asked); return the history.

        Afterwards the network holds the best weights, or the refitted ones.

        Raises:
            InterruptedRun: somebody asked for the end; the state is stored.
            DivergedError: the loss is no longer a number.
        """
        for index, phase in enumerate(phases):
            if index >= self.state.phase:
                self._run_phase(phase)
        if self._config.refit:
            refit = plan_refit(phases, self.state.rows, self.state.best_epochs[: len(phases)])
            for index, phase in enumerate(refit, start=len(phases)):
                if index >= self.state.phase:
                    self._run_phase(phase, start="initial" if index == len(phases) else "start")
        self.use_final_weights()
        return self.state.rows

    def use_final_weights(self) -> None:
        """Put the weights that the training ended with into the network: the best, or the refitted ones."""
        self._assign("start")

    def weights_of(self, name: str) -> bool:
        """Put the weights that the callback `name` marked into the network; say whether there were any."""
        if name not in self._files:
            return False
        self._assign(f"{name}_start", name)
        return True

    @property
    def best_epoch(self) -> int | None:
        """Best epoch so far, counted from 1 over all phases."""
        return self._callbacks["model"].epoch

    def _load(self) -> None:
        found = self._store.load()
        if found is None:
            if self._store.damaged:
                LOG.warning("Every generation of the checkpoint is damaged; training starts again.")
            initial = self._store.put(copy_variables(self._network.variables, self._names))
            self._files = {"initial": initial, "start": initial}
            return
        self._files, state = found
        for name in self._store.damaged:
            LOG.warning("%s of the checkpoint is damaged; training goes on from the one before.", name)
        self.state = TrainingState(**state)
        for name, memory in self.state.callbacks.items():
            self._callbacks[name].restore(memory)

    def _save(self, running: RunningPhase | None) -> None:
        if running is not None:
            self._files |= {role: self._store.put(arrays) for role, arrays in running.state().items()}
        self.state.callbacks = {name: callback.state() for name, callback in self._callbacks.items()}
        self._store.save(self._files, self.state.to_json())

    def _assign(self, *roles: str) -> None:
        for role in roles:
            assign_variables(self._network.variables, self._names, self._store.get(self._files[role]))

    def _run_phase(self, phase: Phase, start: str = "start") -> None:
        resumed = "changing" in self._files
        if not resumed:
            self._files["start"] = self._files[start]
            for callback in self._callbacks.values():
                callback.reset()
            self._save(None)
        self._assign("start")
        running = self._start(phase, resumed)
        while self.state.epochs_of(phase.name) < phase.epochs and not self._callbacks["early_stopping"].should_stop:
            self._run_epoch(running)
        self._end_phase(running)

    def _start(self, phase: Phase, resumed: bool) -> RunningPhase:
        data = self._prepare(phase)
        initial = self._store.get(self._files["initial"]) if self._config.l2_sp else {}
        running = RunningPhase(phase, data, config=self._config, names=self._names, initial=initial, xla=self._xla)
        if resumed:
            running.restore({role: self._store.get(self._files[role]) for role in ROLES if role in self._files})
        if self._profiles is not None:
            running.profile(self._profiles / phase.name)
        for observer in self._observers:
            observer.set_model(data.model)
            observer.set_params({
                "phase": phase, "num_batches": data.train.num_batches, "epochs_done": self.state.epochs_of(phase.name),
                "rows": self.state.rows, "note": data.note,
                "monitor": self._config.monitor, "patience": self._config.early_stopping_patience,
                "seconds_per_batch": running.measure_seconds_per_batch(),
            })
            observer.on_train_begin()
        return running

    def _end_phase(self, running: RunningPhase) -> None:
        if running.phase.is_refit or self.best_epoch is None:
            self._files["start"] = self._store.put({**self._store.get(self._files["start"]), **running.result()})
        else:
            self._assign("model_start", "model")
            self._files["start"] = self._store.put(copy_variables(self._network.variables, self._names))
        self.state.best_epochs.append(self.best_epoch or self.state.epoch)
        self.state.phase, self.state.updates = self.state.phase + 1, 0
        for role in ROLES:
            self._files.pop(role, None)
        self._save(None)
        for observer in self._observers:
            observer.on_train_end({"best": self.state.rows[self.best_epoch - 1] if self.best_epoch else None})

    def _run_epoch(self, running: RunningPhase) -> None:
        factor = self._plateau_factor(running.phase)
        epoch = TrainingEpoch(running, self.state, accum_steps=self._config.accum_steps, plateau_factor=factor)
        safe_point = _SafePoint(self._config.checkpoint_minutes, self._stop, lambda: self._save_in_epoch(running, epoch))
        for observer in self._observers:
            observer.on_epoch_begin(self.state.epoch)
        figures = epoch.run(self._tell_batch, safe_point)
        if running.data.validation is not None:
            with running.showing_result():
                validated = validate(running.step, running.data.validation, num_classes=running.data.model.output_shape[-1])
            figures |= {f"val_{name}": value for name, value in validated.items()}
        self._end_epoch(running, epoch, figures, factor)
        self._stop.check()

    def _end_epoch(self, running: RunningPhase, epoch: TrainingEpoch, figures: dict[str, Any], factor: float) -> None:
        number, clocks = self.state.epoch + 1, epoch.clocks()
        _refuse_divergence(figures, number, running.phase)
        row = {"epoch": number, "phase": running.phase.name, **figures, "learning_rate": epoch.rate,
               "seconds": clocks["seconds"], "cpu_seconds": clocks["cpu_seconds"],
               "data_wait": clocks["wait"] / clocks["seconds"], "plateau_factor": factor}
        self.state.rows.append(row)
        self.state.batch, self.state.running, self.state.clocks = 0, None, TrainingState().clocks
        if running.data.validation is not None:
            self._tell_callbacks(running, row)
        self._save(running)
        for observer in self._observers:
            observer.on_epoch_end(number, row)

    def _tell_callbacks(self, running: RunningPhase, row: dict[str, Any]) -> None:
        for callback in self._callbacks.values():
            callback.on_epoch_end(row["epoch"], row)
        new = [name for name in CHECKPOINTED if name in self._callbacks and self._callbacks[name].is_new]
        if new:
            stored = self._store.put(running.result())
            for name in new:
                self._files[name], self._files[f"{name}_start"] = stored, self._files["start"]

    def _plateau_factor(self, phase: Phase) -> float:
        if phase.rate_factors:
            return phase.rate_factors[self.state.epochs_of(phase.name)]
        return self._callbacks["plateau"].factor if "plateau" in self._callbacks else 1.0

    def _tell_batch(self, batch: int) -> None:
        for observer in self._observers:
            observer.on_train_batch_end(batch)

    def _save_in_epoch(self, running: RunningPhase, epoch: TrainingEpoch) -> None:
        epoch.remember()
        self._save(running)


class _SafePoint:
    """Called between two updates: saves when a checkpoint is due, saves and stops when asked to."""

    def __init__(self, minutes: float, stop: StopRequest, save: Callable[[], None]):
        self._minutes, self._stop, self._save = minutes, stop, save
        self._last = time.monotonic()

    def __call__(self) -> None:
        asked = self._stop.signal_number is not None
        if asked or time.monotonic() - self._last > 60 * self._minutes:
            self._save()
            self._last = time.monotonic()
        if asked:
            self._stop.check()


def _refuse_divergence(figures: dict[str, Any], epoch: int, phase: Phase) -> None:
    if not all(math.isfinite(figures[name]) for name in ("loss", "val_loss") if name in figures):
        raise DivergedError(
            f"Training diverged: the loss of epoch {epoch} is no number (phase {phase.name}, rate {phase.learning_rate:g}).\n"
            "Lower training.learning_rate or set training.clip_norm=1, under another --run name."
        )
