import numpy as np
from keras.ops import convert_to_numpy

from layers import LayerScale
from tests.layers.gates import CHANNELS, feature_map


def test_each_channel_has_its_own_factor():
    features, layer = feature_map(), LayerScale()
    layer.build(features.shape)
    layer.set_weights([np.arange(CHANNELS)])
    np.testing.assert_allclose(convert_to_numpy(layer(features)), features * np.arange(CHANNELS), rtol=1e-6)


def test_all_factors_start_alike():
    np.testing.assert_allclose(convert_to_numpy(LayerScale(0.1)(feature_map())), 0.1 * feature_map(), rtol=1e-6)
