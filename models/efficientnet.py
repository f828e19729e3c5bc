"""EfficientNet-B0 to B7 (Tan and Le, 2019, https://arxiv.org/abs/1905.11946)."""

from collections.abc import Callable

import keras
import numpy as np

from models.factory import make_model_function

_MEANS = (0.485, 0.456, 0.406)
_DEVIATIONS = (0.229, 0.224, 0.225)


def _make(name: str, network: Callable[..., keras.Model]):
    def backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
        # Keras inserts one more Rescaling, and fills in the constants of Normalization, only for weights="imagenet".
        # Both belong to the network whatever its weights, so they are added to the graph that Keras makes for None.
        plain = network(include_top=False, weights=None, input_shape=pictures.shape[1:])
        base = keras.models.clone_model(plain, input_tensors=pictures, call_function=_rescale_after_normalization)
        for layer in base.layers:
            if isinstance(layer, keras.layers.Normalization):
                layer.set_weights([np.array(_MEANS), np.square(_DEVIATIONS), np.array(0)])
                layer.finalize_state()
        return base.output

    return make_model_function(name, backbone)


def _rescale_after_normalization(layer, *args, **kwargs):
    outputs = layer(*args, **kwargs)
    if isinstance(layer, keras.layers.Normalization):
        # The original divides by the variance, not by the standard deviation: once more by its root.
        outputs = keras.layers.Rescaling([1 / deviation**0.5 for deviation in _DEVIATIONS])(outputs)
    return outputs


create_efficientnetb0_model = _make("efficientnetb0", keras.applications.EfficientNetB0)
create_efficientnetb1_model = _make("efficientnetb1", keras.applications.EfficientNetB1)
create_efficientnetb2_model = _make("efficientnetb2", keras.applications.EfficientNetB2)
create_efficientnetb3_model = _make("efficientnetb3", keras.applications.EfficientNetB3)
create_efficientnetb4_model = _make("efficientnetb4", keras.applications.EfficientNetB4)
create_efficientnetb5_model = _make("efficientnetb5", keras.applications.EfficientNetB5)
create_efficientnetb6_model = _make("efficientnetb6", keras.applications.EfficientNetB6)
create_efficientnetb7_model = _make("efficientnetb7", keras.applications.EfficientNetB7)
