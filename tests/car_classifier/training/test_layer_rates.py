"""Rates that fall with the distance from the head."""

from pkgutil import resolve_name

import keras
import numpy as np
import pytest

from car_classifier.training.config import OPTIMIZER_TYPES, TrainingConfig
from car_classifier.training.layer_rates import rate_factors
from car_classifier.training.optimizers import OPTIMIZERS, create_optimizer
from models.cifar_resnet import create_resnet20_model
from models.efficientnet import create_efficientnetb0_model
from models.freezing import freeze
from models.simple_cnn import create_simple_cnn_model
from tests.car_classifier.small_training import NUM_CLASSES, SIZE, SquaresLoader, create_tiny_model, train_tiny

KERNEL = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)


def _by_layer(model, decay=0.5):
    factors = rate_factors(model, decay)
    return {layer.name: factors[id(layer.weights[0])] for layer in model.layers if layer.weights and
            id(layer.weights[0]) in factors}


def test_a_stage_has_one_rate_and_the_head_and_fresh_blocks_the_whole():
    factors = _by_layer(create_resnet20_model((32, 32, 3), 3, se_after_stages=(1,), se_ratio=8))
    assert list(dict.fromkeys(factors.values())) == [0.125, 0.25, 0.5]
    assert not [name for name in factors if name.startswith(("head_", "after_stage_"))]


def test_what_comes_behind_the_last_stage_is_nearest_to_the_head():
    factors = _by_layer(create_efficientnetb0_model((32, 32, 3), 3, fc_layers=(), pooling="average"))
    assert factors["top_conv"] == factors["top_bn"] == 0.5
    assert factors["block7a_project_bn"] == 0.25
    assert factors["stem_conv"] == factors["block1a_project_bn"] == 0.5**8


def test_without_stages_every_layer_has_a_rate_of_its_own():
    factors = _by_layer(create_simple_cnn_model((16, 16, 3), 3, filters=(4, 8, 16)))
    assert list(factors.values()) == [0.125, 0.25, 0.5]


def test_frozen_layers_count_as_distance_but_have_no_rate():
    model = create_resnet20_model((32, 32, 3), 3)
    freeze(model, "after_stage_1")
    assert set(_by_layer(model).values()) == {0.25, 0.5}
    freeze(model, "none")
    assert rate_factors(model, 0.5) == {}


@pytest.mark.parametrize("name", OPTIMIZER_TYPES)
def test_each_variable_is_updated_as_by_an_optimizer_with_its_rate(name):
    config = TrainingConfig(optimizer_type=name, learning_rate=0.01, weight_decay=0.1)
    path, own = OPTIMIZERS[name]
    hyperparameters = {parameter: getattr(config, parameter) for parameter in own}
    ours, theirs = ([keras.Variable(KERNEL, name="kernel") for _ in range(2)] for _ in range(2))
    optimizer = create_optimizer(config, ours, rate_factors={id(ours[0]): 0.3})
    references = [resolve_name(path)(learning_rate=rate, weight_decay=0.1, **hyperparameters) for rate in (0.003, 0.01)]
    generator = np.random.default_rng(0)
    for _ in range(10):
        gradients = [keras.ops.convert_to_tensor(generator.normal(size=(3, 4)), "float32") for _ in range(2)]
        optimizer.apply(gradients, ours)
        for reference, gradient, variable in zip(references, gradients, theirs, strict=True):
            reference.apply([gradient], [variable])
    for received, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(received), keras.ops.convert_to_numpy(expected), rtol=0, atol=1e-6
        )


def _moved(folder, **settings):
    """What one update of plain SGD has done to the first weight of each layer of the tiny network."""
    result = train_tiny(folder, epochs=1, loaders=(SquaresLoader(8), None), optimizer_type="SGD", momentum=0.0,
                        dropout=0.0, schedule="none", **settings)
    keras.utils.set_random_seed(3)
    before = create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES, dropout=0.0)
    return {layer.name: layer.get_weights()[0] - before.get_layer(layer.name).get_weights()[0]
            for layer in result.model.layers if layer.trainable_weights}


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_training_moves_each_layer_at_its_rate(tmp_path, weight_decay):
    plain = _moved(tmp_path / "plain", weight_decay=weight_decay)
    falling = _moved(tmp_path / "falling", weight_decay=weight_decay, layer_rate_decay=0.5)
    for name, factor in {"conv1": 0.125, "norm1": 0.25, "conv2": 0.5, "head_probabilities": 1.0}.items():
        assert np.abs(plain[name]).max() > 1e-5
        np.testing.assert_allclose(falling[name], factor * plain[name], atol=2e-7)
