"""What the figures of an epoch cost: all of them against loss and accuracy alone, ours and Keras'."""

from collections.abc import Callable, Iterator

import keras
import numpy as np

from car_classifier.benchmarks.alternating import alternate
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.keras_fit import KerasFit
from car_classifier.benchmarks.networks import build_network, start_phase
from car_classifier.benchmarks.our_training import OurTraining
from car_classifier.benchmarks.random_arrays import random_labels, random_pictures
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.config import Config
from car_classifier.loaders import ArrayLoader
from car_classifier.training.running_phase import PhaseData, RunningPhase
from models.features import can_pool, split_at_head

BATCH_SIZE = 64
PICTURES = {"model1": 64 * 32, "head": 64 * 256}
MODEL1_CLASSES, HEAD_CLASSES = 10, 196


def benchmark_metrics(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare on model1 with random 32×32 pictures and on SqueezeNet's head with random pooled features.

    A model that was asked for takes the place of both.
    """
    usual = {"training.batch_size": BATCH_SIZE, "augmentation.augment": False}
    config = request.settings({"model.name": "model1", "data.image_size": 32, **usual})
    count, seed = request.num_pictures(PICTURES["model1"], batch_size=config.training.batch_size), config.seed
    arrays = random_pictures(count, config.data.image_size, num_classes=MODEL1_CLASSES, seed=seed)
    yield from _compare(request, config, arrays, build=lambda: _whole(config))
    config = request.settings({"model.name": "squeezenet", "model.x_trainable": "none", **usual})
    count = request.num_pictures(PICTURES["head"], batch_size=config.training.batch_size)
    shape = (count, *_head(config)[1].input_shape[1:])
    features = np.random.default_rng(seed).standard_normal(shape, np.float32)
    arrays = features, random_labels(count, HEAD_CLASSES, seed=seed)
    yield from _compare(request, config, arrays, build=lambda: _head(config))


def _whole(config: Config) -> tuple[keras.Model, keras.Model]:
    network = build_network(config, num_classes=MODEL1_CLASSES)
    return network, network


def _head(config: Config) -> tuple[keras.Model, keras.Model]:
    network = build_network(config, num_classes=HEAD_CLASSES)
    return network, split_at_head(network, pooled=can_pool(network))[1]


def _compare(request: BenchmarkRequest, config: Config, arrays: tuple[np.ndarray, np.ndarray], *,
             build: Callable[[], tuple[keras.Model, keras.Model]]) -> Iterator[Comparison]:
    loader = ArrayLoader(*arrays, seed=config.seed, batch_size=config.training.batch_size)

    def start() -> RunningPhase:
        network, model = build()
        return start_phase(config, PhaseData(model, loader, None), network=network)

    name = build()[1].name
    ours = {"all figures": OurTraining(start(), accum_steps=1), "loss and accuracy": _BareEpochs(start())}
    yield alternate(f"{name}: train", ours, rounds=request.rounds, pictures=loader.num_pictures)
    accuracy = (keras.metrics.CategoricalAccuracy(),)
    with (
        KerasFit(config, build()[1], arrays, metrics=_six_metrics()) as all_six,
        KerasFit(config, build()[1], arrays, metrics=accuracy) as one,
    ):
        theirs = {"six metrics": all_six, "loss and accuracy": one}
        yield alternate(f"{name}: keras fit", theirs, rounds=request.rounds, pictures=loader.num_pictures)


def _six_metrics() -> tuple[keras.metrics.Metric, ...]:
    return (
        keras.metrics.CategoricalAccuracy(),
        keras.metrics.TopKCategoricalAccuracy(3, name="top_3_accuracy"),
        keras.metrics.TopKCategoricalAccuracy(5, name="top_5_accuracy"),
        keras.metrics.Precision(),
        keras.metrics.Recall(),
        keras.metrics.AUC(),
    )


class _BareEpochs:
    """The same steps in the barest loop; loss and accuracy are counted at its end, from what the steps returned."""

    def __init__(self, running: RunningPhase):
        self._running, self._epoch = running, 0

    def __call__(self) -> None:
        loader, step, rate = self._running.data.train, self._running.step, self._running.phase.learning_rate
        outputs = [(batch.labels, *step.train(*batch, rate)) for batch in loader.epoch(self._epoch)]
        parts = zip(*outputs, strict=True)
        labels, probabilities, losses = (np.concatenate([np.asarray(array) for array in part]) for part in parts)
        losses.mean(), (labels.argmax(1) == probabilities.argmax(1)).mean()
        self._epoch += 1
