"""Inception-v3 (Szegedy et al., 2015, https://arxiv.org/abs/1512.00567)."""

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function


def _backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
    x = ImagePreprocessing("tf", name="preprocessing")(pictures)
    return keras.applications.InceptionV3(include_top=False, weights=None, input_tensor=x).output


create_inceptionv3_model = make_model_function("inceptionv3", _backbone)
