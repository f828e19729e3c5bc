"""Global response normalisation."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="car_classifier")
class GlobalResponseNormalization(keras.layers.Layer):
    """Lets the channels of a map compete: each is scaled by its norm over the map, relative to the mean norm of all channels.

    The scaled map times γ plus β is added to the input; both start as zeros, so a fresh layer changes nothing. Norms are
    computed in float32 whatever the precision of the model: in half precision a sum of squares over a large map overflows.

    Args:
        epsilon: added to the mean norm, against a division by zero.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, H, W, C].

    Output shape: the same as the input's.

    Reference: Woo et al., ConvNeXt V2, 2023, section 3, https://arxiv.org/abs/2301.00808
    """

    def __init__(self, epsilon: float = 1e-6, **kwargs: Any):
        super().__init__(**kwargs)
        if not epsilon > 0:
            raise ValueError(f"`epsilon` must be above 0. Received: {epsilon!r}.")
        self.epsilon = epsilon
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        self.gamma = self.add_weight(shape=input_shape[-1:], initializer="zeros", name="gamma")
        self.beta = self.add_weight(shape=input_shape[-1:], initializer="zeros", name="beta")

    def call(self, inputs):
        squares = ops.square(ops.cast(inputs, "float32"))
        # The small term keeps the gradient of the root finite on a channel that is zero everywhere.
        norms = ops.sqrt(ops.sum(squares, axis=(1, 2), keepdims=True) + 1e-24)
        scales = ops.cast(norms / (ops.mean(norms, axis=-1, keepdims=True) + self.epsilon), self.compute_dtype)
        return inputs + self.gamma * (inputs * scales) + self.beta

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
