"""Layer scale."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="car_classifier")
class LayerScale(keras.layers.Layer):
    """Multiplies each channel by a factor that is learnt and starts near zero, so that a fresh residual branch starts small.

    Args:
        start: first value of all factors.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, …, C].

    Output shape: the same as the input's.

    Reference: Touvron et al., Going deeper with Image Transformers, 2021, https://arxiv.org/abs/2103.17239
    """

    def __init__(self, start: float = 1e-6, **kwargs: Any):
        super().__init__(**kwargs)
        self.start = start

    def build(self, input_shape):
        self.gamma = self.add_weight(
            shape=input_shape[-1:], initializer=keras.initializers.Constant(self.start), name="gamma"
        )

    def call(self, inputs):
        return inputs * self.gamma

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "start": self.start}
