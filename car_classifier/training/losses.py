"""Losses: functions of labels and probabilities that answer one number per picture."""

from collections.abc import Callable

import keras
import numpy as np


def create_loss(
    label_smoothing: float = 0.0, class_weights: np.ndarray | None = None, *, focal_gamma: float | None = None
) -> Callable:
    """Return categorical cross-entropy, or the focal loss, as `loss(labels, probabilities, weights) -> [B] float32`.

    The loss of a label y, smoothed before, is Σ_c y_c w_c (1 - p_c)^γ (-log p_c), so each class of a mixed label has its own
    weight and its own factor.

    Args:
        label_smoothing: share of each label spread evenly over all classes, in [0, 1).
        class_weights: w, float [C], all above 0; None weighs all 1.
        focal_gamma: γ, at least 0, by which classes that are already answered well count less; None: 0, cross-entropy.

    `labels` and `probabilities` are [B, C]; `weights` [B] multiplies each picture's loss. The mean over a batch divides
    by the number of pictures, not by the sum of the weights.

    Reference: Lin et al., Focal Loss for Dense Object Detection, 2017, https://arxiv.org/abs/1708.02002
    """
    if focal_gamma is not None:
        return _create_focal(label_smoothing, class_weights, focal_gamma)
    if class_weights is None:
        return _create_unweighted(label_smoothing)
    unweighted, class_weights = _create_unweighted(0.0), np.asarray(class_weights, np.float32)
    share = label_smoothing / len(class_weights)

    def loss(labels, probabilities, weights):
        shares = (labels * (1 - label_smoothing) + share) * class_weights
        # TensorFlow's gradient of the cross-entropy is right only for labels that sum to 1.
        totals = keras.ops.sum(shares, axis=-1)
        return unweighted(shares / totals[:, None], probabilities, totals * weights)

    return loss


def _create_unweighted(label_smoothing: float) -> Callable:
    def loss(labels, probabilities, weights):
        values = keras.losses.categorical_crossentropy(labels, probabilities, label_smoothing=label_smoothing)
        return keras.ops.cast(values, "float32") * keras.ops.convert_to_tensor(weights)

    return loss


def _create_focal(label_smoothing: float, class_weights: np.ndarray | None, gamma: float) -> Callable:
    alpha = 1.0 if class_weights is None else np.asarray(class_weights, np.float32)

    def loss(labels, probabilities, weights):
        probabilities = keras.ops.cast(probabilities, "float32")
        values = keras.losses.categorical_focal_crossentropy(
            labels, probabilities, alpha=alpha, gamma=gamma, label_smoothing=label_smoothing
        )
        return values * keras.ops.convert_to_tensor(weights)

    return loss
