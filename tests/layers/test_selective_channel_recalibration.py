import numpy as np
from keras.ops import convert_to_numpy

from layers import SelectiveChannelRecalibration
from tests.layers.gates import CHANNELS, feature_map


def test_each_place_is_multiplied_by_the_sigmoid_of_its_own_convolution():
    features, layer, rng = feature_map(), SelectiveChannelRecalibration(), np.random.default_rng(1)
    layer.build(features.shape)
    layer.set_weights([rng.normal(size=(CHANNELS, CHANNELS)), rng.normal(size=CHANNELS)])
    kernel, bias = layer.get_weights()
    expected = features / (1 + np.exp(-(features @ kernel + bias)))
    np.testing.assert_allclose(convert_to_numpy(layer(features)), expected, rtol=1e-4, atol=1e-5)


def test_it_has_a_weight_per_pair_of_channels_and_one_per_channel():
    layer = SelectiveChannelRecalibration()
    layer.build((None, 56, 56, 192))
    assert layer.count_params() == 192 * 192 + 192 == 37_056


def test_layer_that_starts_as_the_identity_changes_nothing():
    features = feature_map()
    np.testing.assert_array_equal(convert_to_numpy(SelectiveChannelRecalibration(identity_start=True)(features)), features)
