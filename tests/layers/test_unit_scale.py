"""Gates at unit scale see the pattern of their features, not their size."""

from functools import partial

import numpy as np
import pytest
from keras.ops import convert_to_numpy

from layers import AttentionBlock, SEBlock, SelectiveChannelRecalibration
from layers.unit_scale import to_unit_scale
from tests.layers.gates import CHANNELS, feature_map

LAYERS = [partial(SEBlock, 4), partial(AttentionBlock, 2), SelectiveChannelRecalibration]


@pytest.mark.parametrize("make", LAYERS, ids=["SEBlock", "AttentionBlock", "SelectiveChannelRecalibration"])
def test_features_a_thousand_times_as_large_get_the_same_factors(make):
    features, rng = feature_map(), np.random.default_rng(1)
    gate, plain = make(unit_scale=True), make()
    for layer in (gate, plain):
        layer.build(features.shape)
        layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])
    factors, plain_factors = (
        [convert_to_numpy(layer(scale * features)) / (scale * features) for scale in (1, 1000)] for layer in (gate, plain)
    )
    np.testing.assert_allclose(*factors, rtol=1e-3, atol=1e-5)
    assert np.abs(plain_factors[0] - plain_factors[1]).max() > 0.1


def test_scale_is_one_over_the_axes_asked_for_and_nothing_stays_nothing():
    features = 500 * feature_map()
    scaled = convert_to_numpy(to_unit_scale(features, (1, 2, 3)))
    np.testing.assert_allclose(np.sqrt((scaled**2).mean(axis=(1, 2, 3))), 1, rtol=1e-4)
    assert not convert_to_numpy(to_unit_scale(np.zeros((1, 2, 2, CHANNELS), "float32"), (1, 2, 3))).any()


def test_large_features_in_half_precision_do_not_overflow():
    scaled = convert_to_numpy(to_unit_scale(np.full((1, 2, 2, 4), 60_000, "float16"), -1))
    assert scaled.dtype == np.float16
    np.testing.assert_allclose(scaled, 1, rtol=1e-3)
