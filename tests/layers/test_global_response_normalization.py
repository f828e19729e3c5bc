import keras
import numpy as np
import pytest
from keras.ops import convert_to_numpy

from layers import GlobalResponseNormalization
from tests.layers.gates import CHANNELS, feature_map


def test_output_follows_the_equations_of_the_paper():
    features, layer, rng = feature_map(), GlobalResponseNormalization(), np.random.default_rng(1)
    layer.build(features.shape)
    layer.set_weights([rng.normal(size=CHANNELS), rng.normal(size=CHANNELS)])
    gamma, beta = layer.get_weights()
    norms = np.sqrt((features**2).sum(axis=(1, 2), keepdims=True))
    expected = gamma * features * (norms / norms.mean(axis=-1, keepdims=True)) + beta + features
    np.testing.assert_allclose(convert_to_numpy(layer(features)), expected, rtol=1e-4, atol=1e-5)


def test_fresh_layer_changes_nothing_and_has_two_weights_per_channel():
    layer = GlobalResponseNormalization()
    np.testing.assert_array_equal(convert_to_numpy(layer(feature_map())), feature_map())
    assert layer.count_params() == 2 * CHANNELS


def test_squares_over_a_large_map_do_not_overflow_in_half_precision():
    layer = GlobalResponseNormalization(dtype="mixed_float16")
    layer.build((None, 64, 64, CHANNELS))
    layer.set_weights([np.ones(CHANNELS), np.ones(CHANNELS)])
    bright = keras.ops.full((1, 64, 64, CHANNELS), 200.0, dtype="float16")
    np.testing.assert_allclose(convert_to_numpy(layer(bright)), 401, rtol=1e-3)


def test_a_channel_that_is_zero_trains_to_finite_weights():
    model = keras.Sequential([keras.Input((4, 4, 2)), keras.layers.Dense(3, kernel_initializer="zeros"),
                              GlobalResponseNormalization(), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.get_layer(index=1).set_weights([np.ones(3), np.zeros(3)])
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 4, 4, 2)), np.ones(2), verbose=0)
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


def test_epsilon_must_be_above_zero():
    with pytest.raises(ValueError, match="`epsilon` must be above 0. Received: 0"):
        GlobalResponseNormalization(0)
