"""A small CNN that is trained from scratch: the custom CNN of a CIFAR-10 study, one stage deeper."""

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function
from models.head import HeadOptions

_FILTERS = (32, 64, 128)


def _backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    for stage, filters in enumerate(_FILTERS, start=1):
        x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{stage}")(x)
        x = keras.layers.BatchNormalization(name=f"norm{stage}")(x)
        x = keras.layers.Activation("relu", name=f"relu{stage}")(x)
        x = keras.layers.MaxPooling2D(2, name=f"pool{stage}")(x)
    return x


create_model1_model = make_model_function(
    "model1", _backbone, defaults=HeadOptions(fc_layers=(256,), custom_layers=False, pooling="flatten")
)
