"""The vanilla CNN of a CIFAR-10 study: convolutions, each followed by a max-pool, then Dense layers.

Its variant with batch normalisation and dropout is `models.model1`.
"""

from collections.abc import Sequence

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function


def _backbone(pictures: keras.KerasTensor, *, filters: Sequence[int], kernel_size: int) -> keras.KerasTensor:
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    for number, count in enumerate(filters, start=1):
        x = keras.layers.Conv2D(count, kernel_size, padding="same", activation="relu", name=f"conv{number}")(x)
        if min(x.shape[1:3]) > 1:  # more convolutions than the picture can be halved are allowed
            x = keras.layers.MaxPooling2D(2, name=f"pool{number}")(x)
    return x


create_simple_cnn_model = make_model_function("simple_cnn", _backbone)
