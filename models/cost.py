"""What a model costs: weights, and floating-point operations for one picture."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import keras

from layers import (
    AttentionBlock,
    CustomLayer,
    GlobalResponseNormalization,
    ImagePreprocessing,
    LayerScale,
    PlaceboGate,
    SEBlock,
    SelectiveChannelRecalibration,
)


@dataclass(frozen=True)
class Cost:
    """The cost of a model.

    Args:
        parameters: number of weights.
        trainable_parameters: number of weights that train.
        gflops: 10⁹ floating-point operations for one picture, a multiplication and an addition being two.
    """

    parameters: int
    trainable_parameters: int
    gflops: float


def measure_cost(model: keras.Model) -> Cost:
    """Count weights and operations of a model whose layers are each called once.

    Operations are those of convolutions and Dense layers, those inside the gates included, as papers, fvcore and
    ptflops count them; biases, normalisation, activations, pooling and element-wise products (together about one
    percent) are left out.

    Args:
        model: a functional model with a fixed picture size. Measure it before `split_at_head` calls its head again.

    Raises:
        TypeError: a layer holds weights and its class is not in this file's table.
    """
    return Cost(
        parameters=_count(model.weights),
        trainable_parameters=_count(model.trainable_weights),
        gflops=sum(map(_operations, model.layers)) / 1e9,
    )


def _count(weights) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _operations(layer: keras.Layer) -> int:
    count = _OPERATIONS.get(type(layer))
    if count is not None:
        return count(layer)
    if layer.weights:
        raise TypeError(
            f"The operations of layer {layer.name!r} cannot be counted: its class {type(layer).__name__} holds weights "
            "and is not in the table of models/cost.py. Add a line for it."
        )
    return 0


def _kernel_at_each_position(layer: keras.Layer) -> int:
    """Operations of a layer that applies its whole kernel once for every output position."""
    positions = math.prod(layer.output.shape[1:-1])
    return 2 * math.prod(layer.kernel.shape) * positions


def _separable(layer: keras.layers.SeparableConv2D) -> int:
    positions = math.prod(layer.output.shape[1:-1])
    return 2 * (math.prod(layer.depthwise_kernel.shape) + math.prod(layer.pointwise_kernel.shape)) * positions


def _gate(layer: SEBlock | AttentionBlock) -> int:
    return 2 * (math.prod(layer.squeeze.kernel.shape) + math.prod(layer.excite.kernel.shape))


def _recalibration(layer: SelectiveChannelRecalibration) -> int:
    return 2 * math.prod(layer.recalibrate.kernel.shape) * math.prod(layer.output.shape[1:-1])


def _nothing(layer: keras.Layer) -> int:
    return 0


_OPERATIONS: dict[type[keras.Layer], Callable[..., int]] = {
    keras.layers.Conv2D: _kernel_at_each_position,
    keras.layers.DepthwiseConv2D: _kernel_at_each_position,
    keras.layers.SeparableConv2D: _separable,
    keras.layers.Dense: _kernel_at_each_position,
    SEBlock: _gate,
    AttentionBlock: _gate,
    CustomLayer: lambda layer: _gate(layer.block),
    PlaceboGate: lambda layer: _gate(layer.block),
    SelectiveChannelRecalibration: _recalibration,
    GlobalResponseNormalization: _nothing,
    LayerScale: _nothing,
    ImagePreprocessing: _nothing,
    keras.layers.LayerNormalization: _nothing,
    keras.layers.BatchNormalization: _nothing,
    keras.layers.Normalization: _nothing,
}
