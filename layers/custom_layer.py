"""A gate whose kind is chosen by name."""

from typing import Any

import keras

from layers.checks import check_choice, check_positive_integer
from layers.gate_kinds import GATE_KINDS


@keras.saving.register_keras_serializable(package="car_classifier")
class CustomLayer(keras.layers.Layer):
    """Adds one more attention or SE block, chosen by name.

    The heads of five models end their gates with two of these, one of each kind.

    Args:
        kind: "attention" (an `AttentionBlock`) or "se" (an `SEBlock`).
        reduction_ratio: that of the block; None takes the block's own default.
        identity_start: whether a fresh block multiplies by exactly 1.
        **kwargs: `name`, `dtype` and `trainable` of a Keras layer.

    Input shape: [B, H, W, C].

    Output shape: the same as the input's.

    Reference: the car-model classifier that this program rebuilds; Hu et al., Squeeze-and-Excitation Networks, 2018,
    https://arxiv.org/abs/1709.01507
    """

    def __init__(self, kind: str, reduction_ratio: int | None = None, *, identity_start: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.kind = check_choice("kind", kind, list(GATE_KINDS))
        if reduction_ratio is not None:
            check_positive_integer("reduction_ratio", reduction_ratio)
        self.reduction_ratio, self.identity_start = reduction_ratio, identity_start
        options = {} if reduction_ratio is None else {"reduction_ratio": reduction_ratio}
        self.block = GATE_KINDS[kind](**options, identity_start=identity_start, dtype=self.dtype_policy, name=kind)

    def build(self, input_shape):
        self.block.build(input_shape)

    def call(self, inputs):
        return self.block(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(), "kind": self.kind, "reduction_ratio": self.reduction_ratio,
            "identity_start": self.identity_start,
        }
