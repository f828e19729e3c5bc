"""The squeeze-and-excitation block."""

from typing import Any

import keras

from layers.channel_gate import ChannelGate


@keras.saving.register_keras_serializable(package="car_classifier")
class SEBlock(ChannelGate):
    """Recalibrates channels by squeeze and excitation, with the paper's hidden layer 16 times narrower.

    Global average pooling sums up each channel, a Dense layer (relu) narrows, a second one (sigmoid) gives a factor per
    channel, and the input is multiplied by it; both Dense layers have biases. Channels that help on the picture at hand
    pass, the others are damped, at the cost of 2 C² / `reduction_ratio` weights.

    Args:
        reduction_ratio: how many times the hidden layer is narrower than the channels; at most the number of channels.
        identity_start: whether a fresh block multiplies by exactly 1.
        unit_scale: whether it reads the means at unit scale, so that features in the hundreds do not saturate it.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, H, W, C].

    Output shape: the same as the input's.

    Reference: Hu et al., Squeeze-and-Excitation Networks, 2018, https://arxiv.org/abs/1709.01507
    """

    def __init__(
        self, reduction_ratio: int = 16, *, identity_start: bool = False, unit_scale: bool = False, **kwargs: Any
    ):
        super().__init__(reduction_ratio, identity_start=identity_start, unit_scale=unit_scale, **kwargs)
