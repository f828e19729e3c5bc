"""The step from pixels to what a backbone was trained on."""

from typing import Any

import keras
from keras import ops

from layers.checks import check_choice

# mode: (reverse RGB to BGR, divisor, means, standard deviations), applied in this order.
_MODES = {
    "caffe": (True, 1.0, (103.939, 116.779, 123.68), (1.0, 1.0, 1.0)),
    "torch": (False, 255.0, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "tf": (False, 127.5, (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
    "unit": (False, 255.0, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "none": (False, 1.0, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
}


@keras.saving.register_keras_serializable(package="car_classifier")
class ImagePreprocessing(keras.layers.Layer):
    """Turns RGB pictures in [0, 255] into the values that a backbone expects, inside the model and without weights.

    Training, evaluation, prediction and export cannot disagree about preprocessing that the model itself does. It is
    computed in float32 whatever the precision of the model, then handed on in the layer's own.

    Args:
        mode: "caffe" (BGR minus the ImageNet means), "torch" (scaled to [0, 1], then by the ImageNet means and
            standard deviations), "tf" (scaled to [-1, 1]), "unit" (scaled to [0, 1]) or "none" (unchanged).
        **kwargs: `name` and `dtype` of a Keras layer.

    Input shape: [B, H, W, 3], uint8 or floating point, RGB in [0, 255].

    Output shape: the same as the input's.

    Reference: `keras.applications.imagenet_utils.preprocess_input`, whose modes these are.
    """

    def __init__(self, mode: str, **kwargs: Any):
        # Without autocast the pictures arrive as they are, not rounded to half precision.
        super().__init__(autocast=False, **kwargs)
        self.mode = check_choice("mode", mode, list(_MODES))
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={-1: 3})

    def call(self, inputs):
        reverse, divisor, means, deviations = _MODES[self.mode]
        pictures = ops.cast(inputs, "float32")
        if reverse:
            pictures = ops.flip(pictures, axis=-1)
        if divisor != 1.0:
            pictures = pictures / divisor
        if any(means):
            pictures = pictures - ops.array(means, dtype="float32")
        if deviations != (1.0, 1.0, 1.0):
            pictures = pictures / ops.array(deviations, dtype="float32")
        return ops.cast(pictures, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "mode": self.mode}
