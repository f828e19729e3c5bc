"""SqueezeNet 1.1 (Iandola et al., 2016, https://arxiv.org/abs/1602.07360)."""

from functools import partial

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function

# (squeeze 1×1, each of expand 1×1 and 3×3) of fire2 to fire9.
_FIRES = ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256))


def _fire(x: keras.KerasTensor, name: str, squeeze: int, expand: int) -> keras.KerasTensor:
    x = keras.layers.Conv2D(squeeze, 1, activation="relu", name=f"{name}_squeeze1x1")(x)
    small = keras.layers.Conv2D(expand, 1, activation="relu", name=f"{name}_expand1x1")(x)
    large = keras.layers.Conv2D(expand, 3, padding="same", activation="relu", name=f"{name}_expand3x3")(x)
    return keras.layers.Concatenate(name=f"{name}_concat")([small, large])


def _backbone(pictures: keras.KerasTensor, *, first_strides: int) -> keras.KerasTensor:
    x = ImagePreprocessing("caffe", name="preprocessing")(pictures)
    x = keras.layers.Conv2D(64, 3, strides=first_strides, activation="relu", name="conv1")(x)
    x = keras.layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for number, (squeeze, expand) in enumerate(_FIRES, start=2):
        x = _fire(x, f"fire{number}", squeeze, expand)
        if number in (3, 5):
            x = keras.layers.MaxPooling2D(3, strides=2, name=f"pool{number}")(x)
    return x


create_squeezenet_model = make_model_function("squeezenet", partial(_backbone, first_strides=2))
# For pictures of 32×32, which the usual one would shrink to a single pixel; the weights are the same.
create_squeezenet_32_model = make_model_function("squeezenet_32", partial(_backbone, first_strides=1))
