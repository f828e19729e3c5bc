"""DenseNet-121 (Huang et al., 2016, https://arxiv.org/abs/1608.06993)."""

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function


def _backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    return keras.applications.DenseNet121(include_top=False, weights=None, input_tensor=x).output


create_densenet121_model = make_model_function("densenet121", _backbone)
