"""Training steps alone, on random pictures that lie in memory."""

from collections.abc import Callable

from car_classifier.benchmarks.networks import build_network, start_phase
from car_classifier.benchmarks.our_training import OurTraining
from car_classifier.benchmarks.random_arrays import random_pictures
from car_classifier.config import Config
from car_classifier.loaders import ArrayLoader
from car_classifier.training.running_phase import PhaseData

NUM_CLASSES = 196


def step_epochs(config: Config, *, pictures: int) -> Callable[[], None]:
    """Return a call that trains on `pictures` random pictures."""
    arrays = random_pictures(pictures, config.data.image_size, num_classes=NUM_CLASSES, seed=config.seed)
    loader = ArrayLoader(*arrays, seed=config.seed, batch_size=config.training.batch_size)
    network = build_network(config, num_classes=NUM_CLASSES)
    running = start_phase(config, PhaseData(network, loader, None), network=network)
    return OurTraining(running, accum_steps=config.training.accum_steps)
