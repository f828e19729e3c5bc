"""ResNet-50 (He et al., 2015, https://arxiv.org/abs/1512.03385)."""

import keras

from layers import ImagePreprocessing
from models.factory import make_model_function


def resnet50_backbone(pictures: keras.KerasTensor) -> keras.KerasTensor:
    """Return the features of pictures [B, H, W, 3], RGB in [0, 255], after the last residual block."""
    x = ImagePreprocessing("caffe", name="preprocessing")(pictures)
    return keras.applications.ResNet50(include_top=False, weights=None, input_tensor=x).output


create_resnet50_model = make_model_function("resnet50", resnet50_backbone)
