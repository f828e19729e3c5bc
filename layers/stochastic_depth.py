"""Stochastic depth."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="car_classifier")
class StochasticDepth(keras.layers.Layer):
    """Drops a residual branch for whole pictures during training, each picture by itself.

    What is kept is divided by the share that is kept, so the expected value stays. Without training nothing changes.

    Args:
        rate: share of pictures whose branch becomes zero, in [0, 1).
        seed: of the random numbers; None takes one from Keras' global generator.
        **kwargs: `name` and `dtype` of a Keras layer.

    Input shape: [B, …], the branch before it is added.

    Output shape: the same as the input's.

    Reference: Huang et al., Deep Networks with Stochastic Depth, 2016, https://arxiv.org/abs/1603.09382
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(f"`rate` must be at least 0 and below 1. Received: {rate!r}.")
        self.rate, self.seed = rate, seed
        if rate > 0:
            self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        shape = (ops.shape(inputs)[0],) + (1,) * (len(inputs.shape) - 1)
        drawn = keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)
        # Chosen instead of multiplied: a branch that overflowed is dropped as well.
        return ops.where(drawn >= self.rate, inputs / (1 - self.rate), ops.zeros_like(inputs))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
