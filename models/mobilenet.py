"""MobileNet V1 (Howard et al., 2017), V2 (Sandler et al., 2018) and V3 (Howard et al., 2019), of any width.

References: https://arxiv.org/abs/1704.04861, https://arxiv.org/abs/1801.04381, https://arxiv.org/abs/1905.02244
"""

from collections.abc import Callable
from typing import Any

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function


def _make(name: str, network: Callable[..., keras.Model], **options: Any):
    def backbone(pictures: keras.KerasTensor, *, width_multiplier: float) -> keras.KerasTensor:
        x = ImagePreprocessing("tf", name="preprocessing")(pictures)
        base = network(alpha=width_multiplier, include_top=False, weights=None, input_tensor=x, **options)
        if all(isinstance(operation, keras.Layer) for operation in base.operations):
            return base.output
        return keras.models.clone_model(base, input_tensors=[pictures], call_function=_call_as_layer).output

    return make_model_function(name, backbone)


def _call_as_layer(operation: keras.Operation, *args: Any, **kwargs: Any) -> keras.KerasTensor:
    """Keras spells the hard sigmoid of V3 with operators, tensor + number and tensor · number; our graphs are all layers."""
    if isinstance(operation, keras.Layer):
        return operation(*args, **kwargs)
    tensor, number = args
    scale, offset = {"Add": (1.0, number), "Multiply": (number, 0.0)}[type(operation).__name__]
    return keras.layers.Rescaling(scale, offset, name=operation.name)(tensor)


# All three want pictures in [-1, 1]; V3 would otherwise scale them by itself.
create_mobilenet_model = _make("mobilenet", keras.applications.MobileNet)
create_mobilenetv2_model = _make("mobilenetv2", keras.applications.MobileNetV2)
create_mobilenetv3_small_model = _make(
    "mobilenetv3_small", keras.applications.MobileNetV3Small, include_preprocessing=False
)
create_mobilenetv3_large_model = _make(
    "mobilenetv3_large", keras.applications.MobileNetV3Large, include_preprocessing=False
)
