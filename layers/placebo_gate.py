"""A gate that cannot see the picture."""

from typing import Any

import keras
from keras import ops

from layers.checks import check_choice, check_positive_integer
from layers.gate_kinds import GATE_KINDS


@keras.saving.register_keras_serializable(package="car_classifier")
class PlaceboGate(keras.layers.Layer):
    """Scales channels by an attention or SE block that is shown ones instead of the picture's channels.

    It has every weight of the block, at the same place, with the same start, trained alike, and a factor per channel
    comes out in the same range; only, the factors are the same for all pictures. What a real gate gains over this one is
    owed to looking at the picture, and what this one gains over no gate is not.

    Args:
        kind: "attention" (an `AttentionBlock`) or "se" (an `SEBlock`).
        reduction_ratio: that of the block.
        identity_start: whether a fresh block multiplies by exactly 1.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, H, W, C].

    Output shape: the same as the input's.

    Reference: the squeeze operator of Hu et al., Squeeze-and-Excitation Networks, 2018, section 6.2, taken away,
    https://arxiv.org/abs/1709.01507
    """

    def __init__(self, kind: str, reduction_ratio: int, *, identity_start: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.kind = check_choice("kind", kind, list(GATE_KINDS))
        self.reduction_ratio = check_positive_integer("reduction_ratio", reduction_ratio)
        self.identity_start = identity_start
        self.block = GATE_KINDS[kind](reduction_ratio, identity_start=identity_start, dtype=self.dtype_policy, name=kind)

    def build(self, input_shape):
        self.block.build(input_shape)

    def call(self, inputs):
        return inputs * self.block.factors(ops.ones((1, 1, 1, inputs.shape[-1]), dtype=self.compute_dtype))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(), "kind": self.kind, "reduction_ratio": self.reduction_ratio,
            "identity_start": self.identity_start,
        }
