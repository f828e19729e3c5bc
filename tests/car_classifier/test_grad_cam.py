"""Grad-CAM works for every model at every layer with a place, and finds what decides."""

from pkgutil import resolve_name

import keras
import numpy as np
import pytest

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.grad_cam import GradCam, attention_layers, default_layer, layer_names
from models.registry import MODELS
from tests.car_classifier.small_training import create_tiny_model
from tests.models.representatives import REPRESENTATIVES


def _pictures(size: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (2, size, size, 3), dtype=np.uint8)


@pytest.fixture
def tiny():
    keras.utils.set_random_seed(0)
    return create_tiny_model((8, 8, 3), 4)


@pytest.mark.slow
@pytest.mark.parametrize("name", REPRESENTATIVES)
def test_every_model_gives_maps_of_its_last_features(name):
    keras.utils.set_random_seed(1)
    size = max(64, 3 * MODELS[name].min_image_size // 2)
    network = resolve_name(MODELS[name].create)((size, size, 3), 5, fc_layers=(8,))
    maps, probabilities = GradCam(network).explain(_pictures(size))
    assert maps.shape == (2, *network.get_layer(default_layer(network)).output.shape[1:3]) and probabilities.shape == (2, 5)
    assert (maps >= 0).all() and (maps.std(axis=(1, 2)) > 0).any()
    keras.backend.clear_session()


def test_maps_at_the_gates_of_the_head(tiny):
    assert attention_layers(tiny) == ["head_attention", "head_se"]
    maps = [GradCam(tiny, name).explain(_pictures(8), [1, 1])[0] for name in attention_layers(tiny)]
    assert all(layer.shape == (2, 4, 4) and layer.max() > 0 for layer in maps)


@pytest.mark.parametrize(("options", "expected"), [
    ({"gates": "placebo", "custom_layers": False}, ["head_attention", "head_se"]),
    ({"gates": "se"}, ["head_se", "head_custom_se"]),
    ({"gates": "none", "se_after_stages": (1,), "scra_after_stages": (2,)}, ["after_stage_1_se", "after_stage_2_scra"]),
])
def test_attention_is_every_gate_of_the_head_and_every_block_between_stages(options, expected):
    keras.utils.set_random_seed(0)
    network = resolve_name(MODELS["resnet20"].create)((16, 16, 3), 5, **{"custom_layers": True} | options)
    assert attention_layers(network) == expected
    assert all(GradCam(network, name).explain(_pictures(16))[0].max() > 0 for name in expected)


def test_a_network_without_attention_is_told_what_else_can_be_explained():
    network = resolve_name(MODELS["resnet20"].create)((16, 16, 3), 5)
    with pytest.raises(UserError, match="Leave --layer out for the backbone's last features, stage3"):
        attention_layers(network)


@pytest.mark.slow
def test_padding_is_no_map_of_the_picture():
    network = resolve_name(MODELS["mobilenetv3_small"].create)((32, 32, 3), 5)
    assert network.get_layer("expanded_conv_8_depthwise_pad").output.shape[1:3] == (5, 5)
    assert "expanded_conv_8_depthwise_pad" not in layer_names(network)
    assert network.get_layer(default_layer(network)).output.shape[1:3] == (2, 2)


def test_layer_of_one_place_is_passed_over():
    network = resolve_name(MODELS["squeezenet_32"].create)((17, 17, 3), 5)
    assert network.get_layer("fire9_concat").output.shape[1:3] == (1, 1)
    assert default_layer(network) != "fire9_concat" and "fire9_concat" not in layer_names(network)
    assert GradCam(network).explain(_pictures(17))[0].shape[1] > 1


def test_map_is_the_weighted_sum_of_the_channels(tiny):
    pictures, step = _pictures(8), 1e-2
    maps, _ = GradCam(tiny).explain(pictures, [2, 2])
    head = keras.Model(tiny.get_layer("conv2").output, tiny.layers[-1].input)
    values = np.asarray(keras.Model(tiny.inputs[0], tiny.get_layer("conv2").output)(pictures))
    kernel = np.asarray(tiny.layers[-1].kernel)[:, 2]
    weights = np.zeros((2, values.shape[-1]))
    for channel in range(values.shape[-1]):
        moved = np.zeros_like(values)
        moved[..., channel] = step
        change = np.asarray(head(values + moved)) - np.asarray(head(values - moved))
        weights[:, channel] = change @ kernel / (2 * step) / values[0, ..., 0].size
    expected = np.maximum((values * weights[:, None, None]).sum(axis=-1), 0)
    np.testing.assert_allclose(maps, expected, rtol=1e-3, atol=1e-6)


def test_layer_inside_a_branch_can_be_explained():
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3, padding="same", name="first")(inputs)
    branch = keras.layers.Conv2D(4, 3, padding="same", name="branch")(x)
    x = keras.layers.GlobalAveragePooling2D(name="head_pooling")(keras.layers.Add()([x, branch]))
    network = keras.Model(inputs, keras.layers.Dense(3, activation="softmax", name="head_probabilities")(x))
    assert GradCam(network, "branch").explain(_pictures(8))[0].shape == (2, 8, 8)


def test_explaining_changes_nothing(tiny):
    before = np.asarray(tiny(_pictures(8)))
    _, probabilities = GradCam(tiny).explain(_pictures(8))
    np.testing.assert_allclose(probabilities, before, rtol=1e-5)
    np.testing.assert_array_equal(np.asarray(tiny(_pictures(8))), before)
    assert [layer.name for layer in tiny.layers][-1] == "head_probabilities"


def test_unknown_layer_is_refused_with_the_known_ones(tiny):
    with pytest.raises(UnknownNameError, match="Did you mean 'conv2'"):
        GradCam(tiny, "conv22")
    assert "head_pooling" not in layer_names(tiny)
