"""ResNet-20 and ResNet-32 for pictures of 32×32 (He et al., 2015, section 4.2, https://arxiv.org/abs/1512.03385)."""

from functools import partial

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function


def _backbone(pictures: keras.KerasTensor, *, blocks: int) -> keras.KerasTensor:
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    x = _convolution(x, "stem", 16)
    for stage, filters in enumerate((16, 32, 64), start=1):
        for block in range(1, blocks + 1):
            name, halves = f"stage{stage}_block{block}", block == 1 and stage > 1
            branch = _convolution(x, f"{name}_first", filters, strides=2 if halves else 1)
            branch = _convolution(branch, f"{name}_second", filters, activated=False)
            shortcut = _halved(x, name) if halves else x
            x = keras.layers.Add(name=f"{name}_add")([shortcut, branch])
            x = keras.layers.Activation("relu", name=f"stage{stage}" if block == blocks else f"{name}_relu")(x)
    return x


def _convolution(
    x: keras.KerasTensor, name: str, filters: int, *, strides: int = 1, activated: bool = True
) -> keras.KerasTensor:
    x = keras.layers.Conv2D(
        filters, 3, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv"
    )(x)
    x = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"{name}_norm")(x)
    return keras.layers.Activation("relu", name=f"{name}_relu")(x) if activated else x


def _halved(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """The shortcut without weights: every second pixel, and as many channels of zeros again."""
    x = keras.layers.AveragePooling2D(1, strides=2, padding="same", name=f"{name}_every_second")(x)
    padding = x.shape[-1] // 2
    # "channels_first" makes the last two axes the padded ones: width, by nothing, and channels.
    return keras.layers.ZeroPadding2D(
        ((0, 0), (padding, padding)), data_format="channels_first", name=f"{name}_more_channels"
    )(x)


create_resnet20_model = make_model_function("resnet20", partial(_backbone, blocks=3))
create_resnet32_model = make_model_function("resnet32", partial(_backbone, blocks=5))
