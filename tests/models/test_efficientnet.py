import math

import keras
import numpy as np
import pytest
from keras.ops import convert_to_numpy

from models.efficientnet import create_efficientnetb0_model
from models.features import split_at_head
from models.registry import MODELS
from tests.models.test_pretrained import save_without_top

SHAPE = (32, 32, 3)


def with_imagenet_constants(network):
    """Give a Keras EfficientNet the constants that its published file holds."""
    layer = next(layer for layer in network.layers if isinstance(layer, keras.layers.Normalization))
    layer.set_weights([np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225]) ** 2, np.array(0)])
    layer.finalize_state()
    return network


def features_of(model, pictures):
    return convert_to_numpy(split_at_head(model, pooled=False)[0](pictures))


@pytest.fixture(scope="module")
def notop_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "efficientnetb0_notop.h5"
    network = keras.applications.EfficientNetB0(include_top=False, weights=None, input_shape=SHAPE)
    save_without_top(with_imagenet_constants(network), path)
    return path


@pytest.fixture
def keras_network(notop_file, monkeypatch):
    """What Keras makes for weights="imagenet", from our file instead of the network."""
    module = keras.src.applications.efficientnet.file_utils
    monkeypatch.setattr(module, "get_file", lambda *args, **kwargs: str(notop_file))
    return keras.applications.EfficientNetB0(include_top=False, weights="imagenet", input_shape=SHAPE)


@pytest.mark.slow
def test_weights_from_a_file_see_the_pictures_as_in_keras(keras_network, notop_file, random_pictures):
    model = create_efficientnetb0_model(SHAPE, 3, weights=notop_file)
    plain = keras.applications.EfficientNetB0(include_top=False, weights=notop_file, input_shape=SHAPE)
    pictures = random_pictures(32)
    expected = convert_to_numpy(keras_network(pictures))
    # Random weights leave tiny features: compare them with the largest.
    assert np.abs(features_of(model, pictures) - expected).max() < 1e-4 * np.abs(expected).max()
    assert np.abs(convert_to_numpy(plain(pictures)) - expected).max() > 0.1 * np.abs(expected).max()


@pytest.mark.slow
def test_random_weights_see_the_pictures_through_the_same_constants(keras_network, random_pictures):
    model = create_efficientnetb0_model(SHAPE, 3, fc_layers=())
    stem = keras.Model(model.inputs[0], model.get_layer("stem_conv_pad").output)
    keras_stem = keras.Model(keras_network.inputs[0], keras_network.get_layer("stem_conv_pad").output)
    pictures = random_pictures(32)
    np.testing.assert_allclose(
        convert_to_numpy(stem(pictures)), convert_to_numpy(keras_stem(pictures)), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize(("number", "depth"), list(enumerate([1.0, 1.1, 1.2, 1.4, 1.8, 2.2, 2.6, 3.1])))
def test_stages_end_with_the_last_block_of_each(number, depth):
    blocks = [math.ceil(depth * repeats) for repeats in (1, 2, 2, 3, 3, 4, 1)]
    last = [f"block{stage}{'abcdefghijklm'[count - 1]}_" for stage, count in enumerate(blocks, start=1)]
    assert [name[: len(start)] for name, start in zip(MODELS[f"efficientnetb{number}"].stages, last, strict=True)] == last
