"""Features at a scale of their own."""

from collections.abc import Sequence

import keras
from keras import ops

EPSILON = 1e-6  # of the mean square: where all features are 0 they stay 0


def to_unit_scale(features: keras.KerasTensor, axes: int | Sequence[int]) -> keras.KerasTensor:
    """Return `features` divided by their root mean square over `axes`, which is taken in float32.

    Networks without normalisation pass on features in the hundreds. A gate that reads them as they are is pushed to 0 or 1
    by the first few steps at any usual rate, and stays there.
    """
    exact = ops.cast(features, "float32")
    scale = ops.sqrt(ops.mean(ops.square(exact), axis=axes, keepdims=True) + EPSILON)
    return ops.cast(exact / scale, features.dtype)
