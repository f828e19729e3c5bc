"""Trials of a search on a frozen backbone: ours, and those of KerasTuner's own `Tuner`."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np

from car_classifier.base.errors import UserError
from car_classifier.benchmarks.engines import run_engine
from car_classifier.benchmarks.keras_tuner_search import Arrays, KerasTunerSearch
from car_classifier.benchmarks.networks import build_network
from car_classifier.benchmarks.our_search import OurSearch
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.benchmarks.training import decode_all
from car_classifier.benchmarks.trial_times import TrialTimes
from car_classifier.config import Config
from car_classifier.defaults import resolve_for_data
from car_classifier.prepared_data import PreparedData, prepare_data, read_source
from car_classifier.search_space import build_space, default_space, default_values
from car_classifier.training.feature_cache import FeatureCache
from models.features import can_pool, split_at_head
from models.head import add_head
from models.head_options import HEAD_OPTIONS
from models.registry import model_entry
from search.space import Space

MODELS = ("squeezenet",)
EPOCHS = 3
# A frozen backbone, and nothing that `fit` would need callbacks for: the rate stays as it is.
FIXED = {"model.x_trainable": "none", "augmentation.augment": False, "training.schedule": "none", "training.decay": 0.0}


@dataclass(frozen=True)
class Inputs:
    """What `Tuner` trains on: training and validation, each with one-hot labels [N, C].

    Args:
        pictures: uint8 [N, S, S, 3].
        features: of the same pictures, float32 [N, h, w, F].
        features_seconds: what it took to make them.
    """

    pictures: tuple[Arrays, Arrays]
    features: tuple[Arrays, Arrays]
    features_seconds: float


def benchmark_search(request: BenchmarkRequest) -> Iterator[TrialTimes]:
    """Compare trials of equal values and epochs in turns, with random values of the default space; one per round.

    Ours runs as in `search`: the suggestion is recorded, a worker process trains on cached features with all figures, every
    epoch leaves a checkpoint, the trial's pickle is written. No side is pruned or stopped early.

    `Tuner` gets what makes it fast: the pictures of the first case decoded and resized in memory, the network with its
    backbone frozen, of the figures loss and accuracy alone. In the second it gets our features in memory and builds only the
    head, which ours cuts from the whole network in every trial. Its weights files of the best epochs are the library's own
    doing. Either oracle or engine only reads the values from a list. Before the turns each side trains the default
    configuration, `Tuner` for one epoch.

    Processes share a GPU only with TF_FORCE_GPU_ALLOW_GROWTH=true.
    """
    for model in request.models(*MODELS):
        config, data = _prepare(request, model)
        space = build_space(default_space(config, gpu=False), {}, config, {*request.given, *FIXED})
        values = draw_values(space, config, count=request.rounds + 1)
        with TemporaryDirectory() as folder, OurSearch(config, space, values, folder=Path(folder)) as ours:
            ours()  # before the others begin: it makes its features, and two at once would take turns on the cores
            inputs = read_inputs(config, data, folder=Path(folder) / "features")
            tuners = _start_tuners(config, values, inputs, folder=Path(folder))
            for tuner in tuners.values():
                tuner(epochs=1)
            seconds = take_turns({"ours": ours, **tuners}, rounds=request.rounds)
        num_pictures = sum(len(labels) for _, labels in inputs.pictures)
        yield TrialTimes(model, seconds, config.training.epochs, num_pictures, inputs.features_seconds)


def take_turns(
    sides: Mapping[str, Callable[[], None]], *, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, tuple[float, ...]]:
    """Return the seconds of every call of each side; they take turns in the order A B C, C B A, A B C, …"""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        for name in (list, reversed)[number % 2](list(sides)):
            start = clock()
            sides[name]()
            seconds[name].append(clock() - start)
    return {name: tuple(values) for name, values in seconds.items()}


def draw_values(space: Space, config: Config, *, count: int) -> list[dict[str, Any]]:
    """Return the default configuration and `count` - 1 others by chance."""
    drawn, _ = run_engine("random", space, lambda values: None, seed=config.seed, count=count - 1)
    return [default_values(space, config), *(trial.values for trial in drawn)]


def read_inputs(config: Config, data: PreparedData, *, folder: Path) -> Inputs:
    """Return pictures and features in memory; the features are made anew in `folder`, from files, as a search makes them."""
    network = build_network(config, num_classes=len(data.dataset.class_names))
    backbone, _ = split_at_head(network, pooled=can_pool(network))
    loaders, cache = (data.train_loader().unaugmented(), data.evaluation_loader("validation")), FeatureCache(folder)
    start = time.perf_counter()
    features = [np.array(cache.features(backbone, loader, told=lambda done, total: None)) for loader in loaders]
    seconds = time.perf_counter() - start
    (train, train_labels), (validation, validation_labels) = map(decode_all, loaders)
    return Inputs(
        ((train, train_labels), (validation, validation_labels)),
        ((features[0], train_labels), (features[1], validation_labels)),
        seconds,
    )


def build_head(config: Config, *, shape: tuple[int, ...], num_classes: int) -> keras.Model:
    """Return the head that the settings describe, on features of `shape`, with the same random weights every time."""
    keras.utils.set_random_seed(config.seed)
    own = model_entry(config.model.name).head
    options = own.replaced(**{name: getattr(config.model, name) for name in HEAD_OPTIONS})
    features = keras.Input(shape, name="features")
    return keras.Model(features, add_head(features, num_classes, options))


def _prepare(request: BenchmarkRequest, model: str) -> tuple[Config, PreparedData]:
    """Return resolved settings, and all the pictures that they name."""
    for name in sorted(request.given & FIXED.keys()):
        raise UserError(f"{name} is {FIXED[name]!r} in this benchmark: no side does more than the others. Leave it out.")
    config = request.settings({"model.name": model, "training.epochs": EPOCHS, **FIXED})
    config = config.override({"training.early_stopping_patience": config.training.epochs})
    dataset = read_source(config)
    config = resolve_for_data(config, dataset)
    return config, prepare_data(config, dataset, told=lambda done, total: None)


def _start_tuners(
    config: Config, values: Sequence[dict[str, Any]], inputs: Inputs, *, folder: Path
) -> dict[str, KerasTunerSearch]:
    (features, labels), _ = inputs.features
    head = partial(build_head, shape=features.shape[1:], num_classes=labels.shape[1])
    network = partial(build_network, num_classes=labels.shape[1])
    cases = {"Tuner from pictures": (network, inputs.pictures), "Tuner on our features": (head, inputs.features)}
    return {name: KerasTunerSearch(config, values, *case, folder=folder / name) for name, case in cases.items()}
