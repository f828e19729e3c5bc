"""A small CNN that is trained from scratch: the custom CNN of a CIFAR-10 study, made deeper and quicker."""

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function

# (filters, whether the map is halved)
_CONVOLUTIONS = ((32, True), (64, True), (64, False), (128, True), (128, False))


def _backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    for number, (filters, halved) in enumerate(_CONVOLUTIONS, start=1):
        x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{number}")(x)
        if halved:
            # Before the normalisation, which then has a quarter of the values to go through.
            x = keras.layers.MaxPooling2D(2, name=f"pool{number}")(x)
        # With Keras' momentum of 0.99 the statistics lag behind for the few hundred steps of a small training.
        x = keras.layers.BatchNormalization(momentum=0.9, name=f"norm{number}")(x)
        x = keras.layers.Activation("relu", name=f"relu{number}")(x)
    return x


create_model1_model = make_model_function("model1", _backbone)
