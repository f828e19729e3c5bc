import keras
import numpy as np
from keras.ops import convert_to_numpy

from layers import PlaceboGate, SEBlock
from tests.layers.gates import feature_map


def factors_of(layer, features):
    """Return what each channel is multiplied by, [B, C]."""
    return convert_to_numpy(layer(features))[:, 0, 0] / features[:, 0, 0]


def test_factors_are_the_same_for_all_pictures_but_not_for_all_channels():
    keras.utils.set_random_seed(0)  # weights may also be drawn that hardly differ
    features = feature_map()
    factors = factors_of(PlaceboGate("se", 4), features)
    np.testing.assert_allclose(factors[0], factors[1], rtol=1e-5)
    assert np.ptp(factors[0]) > 0.01
    assert np.ptp(factors_of(SEBlock(4), features), axis=0).max() > 0.001  # those of the real block are not


def test_it_has_as_many_weights_as_the_block_that_it_stands_for():
    placebo, block = PlaceboGate("se", 4), SEBlock(4)
    for layer in (placebo, block):
        layer.build((None, 7, 7, 64))
    assert [weight.shape for weight in placebo.weights] == [weight.shape for weight in block.weights]


def test_it_can_start_as_the_identity():
    features = feature_map()
    np.testing.assert_array_equal(convert_to_numpy(PlaceboGate("attention", 2, identity_start=True)(features)), features)
