"""Training as `train` does it, with the seven transforms, against Keras' own `fit` on arrays in memory."""

from collections.abc import Iterator

import numpy as np

from car_classifier.benchmarks.alternating import alternate
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.keras_fit import KerasFit
from car_classifier.benchmarks.networks import build_network, start_phase
from car_classifier.benchmarks.our_training import OurTraining
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.training.running_phase import PhaseData
from data.loader import PictureLoader

MODELS = ("squeezenet", "efficientnetb0")
PICTURES = 256


def benchmark_training(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare the two on the same network, optimizer, loss and batches, from the same random weights.

    `fit` gets the pictures decoded, resized and never transformed, as one uint8 array; ours reads files in the warm-up
    and afterwards, as in every later epoch of a training, finds them in memory and transforms them anew.
    """
    for model in request.models(*MODELS):
        config = request.settings({"model.name": model, "augmentation.augment": True})
        pictures = request.num_pictures(PICTURES, batch_size=config.training.batch_size)
        data = request.read_data(config, pictures=pictures)
        loader, classes = data.train_loader(), len(data.dataset.class_names)
        network = build_network(config, num_classes=classes)
        running = start_phase(config, PhaseData(network, loader, None), network=network)
        arrays = decode_all(loader.unaugmented())
        with KerasFit(config, build_network(config, num_classes=classes), arrays) as bare:
            sides = {"train": OurTraining(running, accum_steps=config.training.accum_steps), "keras fit": bare}
            yield alternate(model, sides, rounds=request.rounds, pictures=loader.num_pictures)


def decode_all(loader: PictureLoader) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures of a loader, uint8 [N, S, S, 3], and their labels, float32 [N, C]."""
    batches = list(loader.epoch(0))
    return np.concatenate([batch.pictures for batch in batches]), np.concatenate([batch.labels for batch in batches])
