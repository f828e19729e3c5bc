"""The other side: Keras' own `fit`."""

from collections.abc import Callable

import keras
import numpy as np

from car_classifier.benchmarks.networks import uses_xla
from car_classifier.config import Config
from car_classifier.training.optimizers import create_optimizer


def keras_fit(
    config: Config, network: keras.Model, arrays: tuple[np.ndarray, np.ndarray], *,
    metrics: tuple[keras.metrics.Metric, ...] = (),
) -> Callable[[], None]:
    """Return a call that trains `network` for an epoch with `fit`, with optimizer, loss and XLA as in `config`.

    Args:
        arrays: pictures [N, …] and one-hot labels [N, C], in memory. Pictures in uint8 are the fastest: least is copied.
        metrics: beside the loss.
    """
    optimizer = create_optimizer(config.training, network.trainable_variables)
    network.compile(optimizer, "categorical_crossentropy", metrics=list(metrics), jit_compile=uses_xla(config))

    def train() -> None:
        network.fit(*arrays, batch_size=config.training.batch_size, verbose=0)

    return train
