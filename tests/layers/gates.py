"""What the tests of all gates have in common."""

import numpy as np
from keras.ops import convert_to_numpy

CHANNELS = 16


def feature_map(seed: int = 0) -> np.ndarray:
    """Return a map [2, 5, 7, CHANNELS] of float32 values."""
    return np.random.default_rng(seed).normal(size=(2, 5, 7, CHANNELS)).astype("float32")


def expected_gate(means: np.ndarray, weights: list[np.ndarray]) -> np.ndarray:
    """Return the gate [B, C] by the equations of the paper; `weights` are kernel and bias of both Dense layers."""
    hidden = np.maximum(means @ weights[0] + weights[1], 0)
    return 1 / (1 + np.exp(-(hidden @ weights[2] + weights[3])))


def check_gate(layer) -> None:
    """Check output, sharing of the gate with the map of spatial means, and biases that matter."""
    features = feature_map()
    layer.build(features.shape)
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])
    means = features.mean(axis=(1, 2))
    gate = expected_gate(means, layer.get_weights())
    np.testing.assert_allclose(
        convert_to_numpy(layer(features)), features * gate[:, None, None, :], rtol=1e-4, atol=1e-5
    )
    pooled = convert_to_numpy(layer(means[:, None, None, :]))
    np.testing.assert_allclose(pooled[:, 0, 0, :], means * gate, rtol=1e-4, atol=1e-6)
