"""Training of a head with the features of its frozen backbone cached, against running the backbone in every epoch."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from car_classifier.benchmarks.alternating import alternate
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.networks import build_network, main_phase, start_phase
from car_classifier.benchmarks.our_training import OurTraining
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.config import Config
from car_classifier.phase_data import PhaseLoaders, PhasePreparation
from car_classifier.prepared_data import PreparedData
from car_classifier.training.feature_cache import FeatureCache

MODELS = ("squeezenet",)
PICTURES = 256


def benchmark_features(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare epochs; the one run of the backbone that fills the cache is not counted."""
    for model in request.models(*MODELS):
        config = request.settings({"model.name": model, "model.x_trainable": "none", "augmentation.augment": False})
        pictures = request.num_pictures(PICTURES, batch_size=config.training.batch_size)
        data = request.read_data(config, pictures=pictures)
        with TemporaryDirectory() as folder:
            sides = {
                "cached features": _start(config, data, cache=FeatureCache(Path(folder))),
                "whole network": _start(config, data, cache=None),
            }
            yield alternate(model, sides, rounds=request.rounds, pictures=len(data.dataset.splits["train"]))


def _start(config: Config, data: PreparedData, *, cache: FeatureCache | None) -> OurTraining:
    network = build_network(config, num_classes=len(data.dataset.class_names))
    loaders = PhaseLoaders(data.train_loader(), None)
    prepare = PhasePreparation(network, loaders, config=config.training, cache=cache, told=lambda done, total: None)
    running = start_phase(config, prepare(main_phase(config)), network=network)
    return OurTraining(running, accum_steps=config.training.accum_steps)
