"""Losses: functions of labels and probabilities that answer one number per picture."""

from collections.abc import Callable

import keras


def create_loss(label_smoothing: float) -> Callable:
    """Return categorical cross-entropy as `loss(labels, probabilities, weights) -> [B] float32`.

    Args:
        label_smoothing: share of each label spread evenly over all classes, in [0, 1).

    `labels` and `probabilities` are [B, C]; `weights` [B] multiplies each picture's loss. The mean over a batch divides
    by the number of pictures, not by the sum of the weights.
    """

    def loss(labels, probabilities, weights):
        values = keras.losses.categorical_crossentropy(labels, probabilities, label_smoothing=label_smoothing)
        return keras.ops.cast(values, "float32") * keras.ops.convert_to_tensor(weights)

    return loss
