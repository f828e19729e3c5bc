"""The channel attention block."""

from typing import Any

import keras

from layers.channel_gate import ChannelGate


@keras.saving.register_keras_serializable(package="car_classifier")
class AttentionBlock(ChannelGate):
    """Weighs channels by attention: the gate of `SEBlock` with a hidden layer twice as wide.

    The classifier puts it before `SEBlock`: the wider gate chooses what to look at, the narrower one recalibrates what
    is left.

    Args:
        reduction_ratio: how many times the hidden layer is narrower than the channels; at most the number of channels.
        identity_start: whether a fresh block multiplies by exactly 1.
        unit_scale: whether it reads the means at unit scale, so that features in the hundreds do not saturate it.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, H, W, C].

    Output shape: the same as the input's.

    Reference: the car-model classifier that this program rebuilds; the average-pooled half of the channel attention in
    Woo et al., CBAM, 2018, https://arxiv.org/abs/1807.06521
    """

    def __init__(
        self, reduction_ratio: int = 8, *, identity_start: bool = False, unit_scale: bool = False, **kwargs: Any
    ):
        super().__init__(reduction_ratio, identity_start=identity_start, unit_scale=unit_scale, **kwargs)
