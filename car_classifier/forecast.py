"""How long a training takes at most, from what its parts were seen to take."""

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import keras

from car_classifier.phase_data import reaches_in, uses_features
from car_classifier.prepared_data import PreparedData
from car_classifier.training.phases import Phase
from data.loader import PictureLoader
from models.freezing import tail_layers

TIMED_BATCHES = 3
BACKWARD = 2.0  # the way back through a network costs about twice the way forward
# An update of a head on cached features until it is measured: in all, and for each weight of the head.
HEAD_SECONDS, HEAD_SECONDS_PER_WEIGHT = 0.005, 3e-9
RELOAD_SECONDS = 15.0  # a new process that loads the model


class Forecast:
    """The time left for all phases with their start and validation, the refit, the figures at the end and the reload.

    An epoch is guessed from the time of a few batches forward until its phase starts; then it is measured. Early stopping
    is not foreseen: the training may end before.

    Args:
        phases: those to come, as planned, without the refit.
        data: pictures and settings.
        loader: of the training pictures; the training's own, which keeps what is read for the measurement.
        opens_test: whether the test split is evaluated at the end.
    """

    def __init__(self, phases: Sequence[Phase], data: PreparedData, *, loader: PictureLoader, opens_test: bool):
        self._config, self._loader = data.config.training, loader
        counts = {name: len(split) for name, split in data.dataset.splits.items()}
        self._train, self._validation = counts["train"], counts.get("validation", 0)
        self._at_end = self._validation + (counts.get("test", 0) if opens_test else 0)
        refit = [replace(phase, name=f"refit-{phase.name}") for phase in phases] if self._config.refit else []
        self._phases = {phase.name: phase for phase in [*phases, *refit]}
        self._compile = self._forward = 0.0  # seconds until the first batch forward is done, and for one picture
        self._epochs: dict[str, float] = {}  # seconds for one epoch

    def measure(self, network: keras.Model) -> None:
        """Time a few batches forward through `network`, loading included, and guess the epochs of every phase."""
        self._network = network
        batches = self._loader.epoch(0)
        first = next(batches)
        begin = time.perf_counter()
        network.predict_on_batch(first.pictures)
        start, count = time.perf_counter(), 0
        self._compile = start - begin
        for batch in [first, *islice(batches, TIMED_BATCHES)]:
            network.predict_on_batch(batch.pictures)
            count += len(batch.labels)
        batches.close()
        self._forward = (time.perf_counter() - start) / count
        num_weights = sum(layer.count_params() for layer in tail_layers(network))
        self._epochs = {name: self._guess(phase, num_weights) for name, phase in self._phases.items()}

    def learn_batch(self, phase: Phase, seconds: float, *, num_batches: int) -> None:
        """Take note of what a training batch of a phase that starts takes."""
        self.learn_epoch(phase, seconds * num_batches + self._validation_seconds(phase))

    def learn_epoch(self, phase: Phase, seconds: float) -> None:
        """Take note of what an epoch of a phase takes, validation included."""
        self._epochs[phase.name] = seconds
        if not phase.is_refit:
            self._epochs[f"refit-{phase.name}"] = seconds * (self._train + self._validation) / self._train

    def left(self, phase: Phase, epochs_done: int) -> float:
        """Return the seconds left at most when `phase` has started and `epochs_done` of its epochs are done."""
        names = list(self._phases)
        later = [self._phases[name] for name in names[names.index(phase.name) + 1 :]]
        seconds = (phase.epochs - epochs_done) * self._epochs[phase.name]
        seconds += sum(self._start_seconds(other) + other.epochs * self._epochs[other.name] for other in later)
        return seconds + self._at_end * self._forward + RELOAD_SECONDS

    def in_all(self, rows: Sequence[dict[str, Any]]) -> float:
        """Return the seconds left at most after the epochs in `rows`; those of other phases do not count."""
        rows = [row for row in rows if row["phase"] in self._phases]
        phase = self._phases[rows[-1]["phase"] if rows else next(iter(self._phases))]
        start = 0.0 if rows else self._start_seconds(phase)
        return start + self.left(phase, sum(row["phase"] == phase.name for row in rows))

    def _uses_features(self, phase: Phase) -> bool:
        return uses_features(phase, self._config, train=self._loader, network=self._network)

    def _num_pictures(self, phase: Phase) -> int:
        return self._train + (self._validation if phase.is_refit else 0)

    def _start_seconds(self, phase: Phase) -> float:
        """Of making the features, or of compiling the step."""
        if not self._uses_features(phase):
            return (1 + BACKWARD) * self._compile
        views = max(1, self._config.cached_views)
        return (views * self._num_pictures(phase) + self._validation) * self._forward

    def _validation_seconds(self, phase: Phase) -> float:
        return 0.0 if phase.is_refit or self._uses_features(phase) else self._validation * self._forward

    def _guess(self, phase: Phase, num_head_weights: int) -> float:
        if self._uses_features(phase):
            num_batches = self._num_pictures(phase) / self._config.batch_size
            return num_batches * (HEAD_SECONDS + num_head_weights * HEAD_SECONDS_PER_WEIGHT)
        backward = BACKWARD if reaches_in(phase, self._network) else 0.5
        return self._num_pictures(phase) * self._forward * (1 + backward) + self._validation_seconds(phase)
