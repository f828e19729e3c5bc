"""Each optimizer gets the hyper-parameters that belong to it."""

from pkgutil import resolve_name

import keras
import numpy as np
import pytest

from car_classifier.base.errors import UnknownNameError
from car_classifier.training.config import OPTIMIZER_TYPES, TrainingConfig
from car_classifier.training.optimizers import OPTIMIZERS, create_optimizer
from layers import (
    AttentionBlock,
    CustomLayer,
    GlobalResponseNormalization,
    LayerScale,
    PlaceboGate,
    SEBlock,
    SelectiveChannelRecalibration,
)


def test_settings_and_table_know_the_same_optimizers():
    assert OPTIMIZER_TYPES == list(OPTIMIZERS)


@pytest.mark.parametrize("name", OPTIMIZER_TYPES)
def test_own_hyperparameters_arrive(name):
    config = TrainingConfig(optimizer_type=name, beta_1=0.8, beta_2=0.88, momentum=0.7, rho=0.6)
    made = create_optimizer(config, [keras.Variable(np.ones(3))]).get_config()
    for parameter in OPTIMIZERS[name][1]:
        assert made[parameter] == getattr(config, parameter)


@pytest.mark.parametrize("name", OPTIMIZER_TYPES)
def test_updates_are_those_of_keras(name):
    config = TrainingConfig(optimizer_type=name, learning_rate=0.01, weight_decay=0.1, clip_norm=1.0, rho=0.9)
    path, own = OPTIMIZERS[name]
    theirs, ours = (keras.Variable(np.linspace(-1, 1, 12).reshape(3, 4), name="kernel") for _ in range(2))
    hyperparameters = {parameter: getattr(config, parameter) for parameter in own}
    reference = resolve_name(path)(learning_rate=0.01, weight_decay=0.1, global_clipnorm=1.0, **hyperparameters)
    optimizer, generator = create_optimizer(config, [ours]), np.random.default_rng(0)
    for _ in range(20):
        gradient = keras.ops.convert_to_tensor(generator.normal(size=(3, 4)), "float32")
        reference.apply([gradient], [theirs])
        optimizer.apply([gradient], [ours])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(ours), keras.ops.convert_to_numpy(theirs), rtol=0, atol=1e-6)


def test_unknown_optimizer_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="Adam, AdamW, SGD, RMSprop, AdaGrad"):
        TrainingConfig(optimizer_type="adamax")


@pytest.mark.parametrize("layer", [
    keras.layers.Conv2D(2, 3), keras.layers.DepthwiseConv2D(3), keras.layers.BatchNormalization(),
    keras.layers.LayerNormalization(), SEBlock(2), AttentionBlock(2), CustomLayer("se", 2), PlaceboGate("se", 2),
    SelectiveChannelRecalibration(), GlobalResponseNormalization(), LayerScale(),
], ids=lambda layer: type(layer).__name__)
def test_weight_decay_leaves_biases_norms_and_scales_alone_and_shrinks_every_kernel(layer):
    layer.build((None, 5, 5, 4))
    weights = layer.trainable_weights
    for weight in weights:
        weight.assign(keras.ops.ones(weight.shape))
    optimizer = create_optimizer(TrainingConfig(optimizer_type="SGD", weight_decay=0.5, momentum=0.0), weights)
    optimizer.apply([keras.ops.zeros(weight.shape) for weight in weights])
    assert weights
    for weight in weights:
        assert (keras.ops.convert_to_numpy(weight) < 1).all() == (len(weight.shape) > 1), weight.path
