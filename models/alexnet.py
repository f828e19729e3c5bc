"""AlexNet with batch normalisation (Krizhevsky et al., 2012); the source gives its five convolutions."""

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function

# (filters, kernel size, stride, padding, whether a max-pool follows)
_CONVOLUTIONS = (
    (96, 11, 4, "valid", True),
    (256, 5, 1, "same", True),
    (384, 3, 1, "same", False),
    (384, 3, 1, "same", False),
    (256, 3, 1, "same", True),
)


def _backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    for number, (filters, size, stride, padding, pooled) in enumerate(_CONVOLUTIONS, start=1):
        x = keras.layers.Conv2D(
            filters, size, strides=stride, padding=padding, activation="relu", name=f"conv{number}"
        )(x)
        x = keras.layers.BatchNormalization(name=f"norm{number}")(x)
        if pooled:
            x = keras.layers.MaxPooling2D(3, strides=2, name=f"pool{number}")(x)
    return x


create_alexnet_model = make_model_function("alexnet", _backbone)
