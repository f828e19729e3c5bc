"""Each optimizer gets the hyper-parameters that belong to it."""

import keras
import numpy as np
import pytest

from car_classifier.base.errors import UnknownNameError
from car_classifier.training.config import OPTIMIZER_TYPES, TrainingConfig
from car_classifier.training.optimizers import OPTIMIZERS, create_optimizer


def test_settings_and_table_know_the_same_optimizers():
    assert OPTIMIZER_TYPES == list(OPTIMIZERS)


@pytest.mark.parametrize("name", OPTIMIZER_TYPES)
def test_own_hyperparameters_arrive(name):
    config = TrainingConfig(optimizer_type=name, beta_1=0.8, beta_2=0.88, momentum=0.7, rho=0.6)
    made = create_optimizer(config, [keras.Variable(np.ones(3))]).get_config()
    for parameter in OPTIMIZERS[name][1]:
        assert made[parameter] == getattr(config, parameter)


def test_unknown_optimizer_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="Adam, AdamW, SGD, RMSprop, AdaGrad"):
        TrainingConfig(optimizer_type="adamax")


def test_weight_decay_leaves_biases_and_norms_alone():
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    for weight in layer.weights:
        weight.assign(keras.ops.ones_like(weight))
    optimizer = create_optimizer(TrainingConfig(optimizer_type="SGD", weight_decay=0.5, momentum=0.0), layer.weights)
    optimizer.apply([keras.ops.zeros_like(weight) for weight in layer.weights])
    kernel, bias = (keras.ops.convert_to_numpy(weight) for weight in layer.weights)
    assert (kernel < 1).all() and (bias == 1).all()
