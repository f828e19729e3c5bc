"""VGG-16 (Simonyan and Zisserman, 2014, https://arxiv.org/abs/1409.1556)."""

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function


def _backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
    x = ImagePreprocessing("caffe", name="preprocessing")(pictures)
    return keras.applications.VGG16(include_top=False, weights=None, input_tensor=x).output


create_vgg16_model = make_model_function("vgg16", _backbone)
