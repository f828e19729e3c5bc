"""Selective channel recalibration attention (SCRA)."""

from typing import Any

import keras

from layers.unit_scale import to_unit_scale


@keras.saving.register_keras_serializable(package="car_classifier")
class SelectiveChannelRecalibration(keras.layers.Layer):
    """Multiplies a map by the sigmoid of a 1×1 convolution of itself: a factor per channel and place.

    Unlike the gates of squeeze and excitation it does not average over places, so a channel can pass where it helps and
    be damped elsewhere, at the cost of C² + C weights.

    Args:
        identity_start: whether a fresh layer multiplies by exactly 1 (twice the sigmoid of 0), so that pretrained features
            pass it unharmed; else it multiplies by about a half, as published.
        unit_scale: whether the convolution reads the map of each picture at unit scale, so that features in the hundreds do
            not saturate it; as published it does not.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, H, W, C].

    Output shape: the same as the input's.

    Reference: the ConvNeXt V2 study with selective channel recalibration that this program rebuilds.
    """

    def __init__(self, *, identity_start: bool = False, unit_scale: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.identity_start = identity_start
        self.unit_scale = unit_scale
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        start = "zeros" if self.identity_start else "glorot_uniform"
        # A Dense layer on the last axis is a 1×1 convolution.
        self.recalibrate = keras.layers.Dense(
            input_shape[-1], activation="sigmoid", kernel_initializer=start, dtype=self.dtype_policy, name="recalibrate"
        )
        self.recalibrate.build(input_shape)

    def call(self, inputs):
        factors = self.recalibrate(to_unit_scale(inputs, (1, 2, 3)) if self.unit_scale else inputs)
        return inputs * (2 * factors if self.identity_start else factors)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "identity_start": self.identity_start, "unit_scale": self.unit_scale}
