"""What every squeeze-and-excitation gate has in common."""

from typing import Any

import keras
from keras import ops

from layers.checks import check_positive_integer
from layers.unit_scale import to_unit_scale


class ChannelGate(keras.layers.Layer):
    """Scales each channel of a feature map by a factor that all channels together decide.

    Abstract: `SEBlock` and `AttentionBlock` are its leaves and differ by their ratio alone. The gate depends on nothing
    but the spatial mean of each channel, so on a map of spatial means, [B, 1, 1, C], it is the same as on the full map;
    features that are cached after global average pooling rely on this.

    The factors lie in (0, 1), as published: a fresh gate halves its input and mixes noise into it. With `identity_start`
    they lie in (0, 2), twice the sigmoid of what at first is 0, so a fresh gate changes nothing and pretrained features
    reach the layers behind it unharmed; the weights are as many.

    Args:
        reduction_ratio: how many times the hidden layer is narrower than the channels; its width is
            `channels // reduction_ratio`.
        identity_start: whether a fresh gate multiplies by exactly 1.
        unit_scale: whether the gate reads the means at unit scale, so that features in the hundreds do not saturate it.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, H, W, C].

    Output shape: the same as the input's.
    """

    def __init__(self, reduction_ratio: int, *, identity_start: bool = False, unit_scale: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.reduction_ratio = check_positive_integer("reduction_ratio", reduction_ratio)
        self.identity_start = identity_start
        self.unit_scale = unit_scale
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1]
        if channels is None or self.reduction_ratio > channels:
            raise ValueError(
                f"`reduction_ratio` must be a positive integer no larger than the number of channels ({channels}). "
                f"Received: {self.reduction_ratio}."
            )
        policy = self.dtype_policy
        self.squeeze = keras.layers.Dense(
            channels // self.reduction_ratio, activation="relu", dtype=policy, name="squeeze"
        )
        start = "zeros" if self.identity_start else "glorot_uniform"
        self.excite = keras.layers.Dense(
            channels, activation="sigmoid", kernel_initializer=start, dtype=policy, name="excite"
        )
        self.squeeze.build((None, channels))
        self.excite.build((None, channels // self.reduction_ratio))
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={-1: channels})

    def call(self, inputs):
        # In half precision a sum over a large map overflows (float16) or loses its small terms (bfloat16).
        means = ops.mean(ops.cast(inputs, "float32"), axis=(1, 2), keepdims=True)
        return inputs * self.factors(ops.cast(means, self.compute_dtype))

    def factors(self, means):
        """Return the factors of the channels, [B, 1, 1, C], for their spatial means, [B, 1, 1, C]."""
        factors = self.excite(self.squeeze(to_unit_scale(means, -1) if self.unit_scale else means))
        return 2 * factors if self.identity_start else factors

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(), "reduction_ratio": self.reduction_ratio, "identity_start": self.identity_start,
            "unit_scale": self.unit_scale,
        }
