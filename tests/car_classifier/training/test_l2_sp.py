"""The pull towards pretrained weights: its update, what it leaves out, and what a training makes of it."""

from pkgutil import resolve_name

import keras
import numpy as np
import pytest

from car_classifier.backends.step import create_step
from car_classifier.base.errors import UserError
from car_classifier.config import Config
from car_classifier.defaults import resolve_config
from car_classifier.training.checkpoint import CheckpointStore
from car_classifier.training.config import OPTIMIZER_TYPES, TrainingConfig
from car_classifier.training.l2_sp import pretrained_values
from car_classifier.training.losses import create_loss
from car_classifier.training.optimizers import OPTIMIZERS, changing_optimizer_variables, create_optimizer
from car_classifier.training.variables import copy_variables, name_variables
from models.cifar_resnet import create_resnet20_model
from models.convnextv2 import create_convnextv2_atto_model
from models.freezing import freeze, own_layers
from tests.car_classifier.small_training import (
    NUM_CLASSES,
    SIZE,
    SquaresLoader,
    create_tiny_model,
    train_tiny,
    weights_of,
)

KERNEL, PRETRAINED = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4), np.full((3, 4), 0.25, np.float32)


def _pulled(config, **more):
    variable = keras.Variable(KERNEL, name="kernel")
    starts = {id(variable): PRETRAINED}
    return variable, create_optimizer(config, [variable], starts=starts, **more)


@pytest.mark.parametrize("name", OPTIMIZER_TYPES)
def test_update_is_that_of_the_loss_with_the_sum_of_squares(name):
    config = TrainingConfig(optimizer_type=name, learning_rate=0.01, l2_sp=0.3, clip_norm=1.0)
    path, own = OPTIMIZERS[name]
    theirs, (ours, optimizer) = keras.Variable(KERNEL), _pulled(config)
    hyperparameters = {parameter: getattr(config, parameter) for parameter in own}
    decay = {"weight_decay": 0.0} if name == "AdamW" else {}
    reference = resolve_name(path)(learning_rate=0.01, global_clipnorm=1.0, **hyperparameters, **decay)
    generator = np.random.default_rng(0)
    for _ in range(10):
        gradient = generator.normal(size=(3, 4))
        whole = gradient + 2 * 0.3 * (keras.ops.convert_to_numpy(theirs) - PRETRAINED)
        reference.apply([keras.ops.convert_to_tensor(whole, "float32")], [theirs])
        optimizer.apply([keras.ops.convert_to_tensor(gradient, "float32")], [ours])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(ours), keras.ops.convert_to_numpy(theirs), rtol=0, atol=2e-6)


def test_pretrained_weights_are_no_part_of_what_a_checkpoint_holds():
    _, optimizer = _pulled(TrainingConfig(l2_sp=0.3))
    plain = create_optimizer(TrainingConfig(), [keras.Variable(KERNEL)])
    assert len(changing_optimizer_variables(optimizer)) == len(plain.variables) == len(optimizer.variables) - 1


def test_loss_scaling_changes_nothing(monkeypatch):
    config = TrainingConfig(optimizer_type="SGD", momentum=0.0, learning_rate=0.5, l2_sp=0.3)
    monkeypatch.setattr(keras.config, "dtype_policy", lambda: keras.DTypePolicy("mixed_float16"))
    inputs = keras.Input((3,))
    network = keras.Model(inputs, keras.layers.Dense(4, activation="softmax", use_bias=False, dtype="float32")(inputs))
    kernel = network.trainable_variables[0]
    kernel.assign(KERNEL)
    optimizer = create_optimizer(config, [kernel], starts={id(kernel): PRETRAINED})
    step = create_step(network, optimizer, create_loss(), xla=False)
    step.train(np.ones((2, 3), np.float32), np.eye(4, dtype=np.float32)[:2], np.zeros(2, np.float32), 0.5)
    step.write_back()
    expected = KERNEL - 0.5 * 2 * 0.3 * (KERNEL - PRETRAINED)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(kernel), expected, atol=1e-6)


@pytest.fixture(scope="module")
def blocked():
    """A network with a fresh block behind its first stage."""
    return create_resnet20_model((32, 32, 3), NUM_CLASSES, se_after_stages=(1,), se_ratio=8)


def _pulled_layers(model):
    names = name_variables(model)
    values = pretrained_values(model, dict.fromkeys(names.values(), np.zeros(0)), names)
    return {layer.name for layer in model.layers for weight in layer.weights if id(weight) in values}


def test_backbone_weights_that_train_are_pulled_without_head_and_fresh_blocks(blocked):
    freeze(blocked, "all")
    assert _pulled_layers(blocked) == {layer.name for layer in own_layers(blocked) if layer.weights}
    assert {"after_stage_1_se", "head_probabilities"} <= {layer.name for layer in blocked.layers} - _pulled_layers(blocked)


def test_normalisation_that_came_with_the_network_is_pulled_though_it_stands_in_the_head():
    model = create_convnextv2_atto_model((32, 32, 3), NUM_CLASSES)
    assert {layer.name for layer in model.layers if layer.weights} - _pulled_layers(model) == {"head_probabilities"}


def test_frozen_layers_are_not_pulled(blocked):
    freeze(blocked, "after_stage_2")
    names = [layer.name for layer in blocked.layers]
    behind = blocked.layers[names.index("stage2"):]
    assert _pulled_layers(blocked) == {layer.name for layer in behind if layer.weights and layer.name != "head_probabilities"}
    freeze(blocked, "none")
    assert not _pulled_layers(blocked)


def test_statistics_of_normalisation_are_not_pulled(blocked):
    freeze(blocked, "all")
    names = name_variables(blocked)
    values = pretrained_values(blocked, dict.fromkeys(names.values(), np.zeros(0)), names)
    assert set(values) <= {id(weight) for weight in blocked.trainable_weights}


def _moved(folder, **settings):
    """How far each layer of the tiny network has gone from where it began."""
    settings = {"optimizer_type": "SGD", "momentum": 0.0, "schedule": "none", "learning_rate": 0.1, **settings}
    result = train_tiny(folder, loaders=(SquaresLoader(), None), weights="given", **settings)
    keras.utils.set_random_seed(3)
    before = create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES)
    return {layer.name: sum(float(np.abs(new - old).max()) for new, old in
                            zip(layer.get_weights(), before.get_layer(layer.name).get_weights(), strict=True))
            for layer in result.model.layers if layer.trainable_weights}


@pytest.mark.parametrize("head_epochs", [0, 2])
def test_strong_pull_holds_the_backbone_and_not_the_head(tmp_path, head_epochs):
    free = _moved(tmp_path / "free", head_epochs=head_epochs, normalised=True)
    pulled = _moved(tmp_path / "pulled", head_epochs=head_epochs, normalised=True, l2_sp=4.0)
    for name in ("conv1", "conv2"):
        assert pulled[name] < 0.5 * free[name]
    assert pulled["head_probabilities"] > 0.5 * free["head_probabilities"]


def test_accumulated_batches_equal_one_large_batch(tmp_path):
    def train(name, batch_size, accum_steps):
        return weights_of(train_tiny(
            tmp_path / name, epochs=2, accum_steps=accum_steps, loaders=(SquaresLoader(41, batch_size=batch_size), None),
            weights="given", head_epochs=0, l2_sp=0.5, clip_norm=1.0, dropout=0.0, normalised=False, schedule="none",
        ))

    np.testing.assert_allclose(train("small", 4, 4), train("large", 16, 1), atol=1e-6)


def test_loss_that_is_shown_is_that_of_the_pictures_alone(tmp_path):
    first, second = (train_tiny(tmp_path / str(pull), epochs=1, loaders=(SquaresLoader(8), SquaresLoader(12, seed=9)),
                                weights="given", head_epochs=0, l2_sp=pull) for pull in (0.0, 100.0))
    assert first.history[0]["loss"] == second.history[0]["loss"]


def test_extension_is_pulled_to_the_pretrained_weights(tmp_path):
    settings = {"weights": "given", "head_epochs": 0, "l2_sp": 0.1}
    folder = train_tiny(tmp_path, epochs=2, **settings).folder
    for path in (folder / "checkpoint").iterdir():
        path.unlink()
    extended = train_tiny(folder, epochs=3, options={"extended_from": (2,)}, **settings)
    store = CheckpointStore(folder / "checkpoint")
    files, _ = store.load()
    keras.utils.set_random_seed(3)
    network = create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES)
    fresh, initial = copy_variables(network.variables, name_variables(network)), store.get(files["initial"])
    assert [row["phase"] for row in extended.history] == ["train", "train", "extend"]
    assert all((initial[names] == fresh[names]).all() for names in fresh)


@pytest.mark.parametrize("setting", [{"l2_sp": 0.01}, {"layer_rate_decay": 0.5}])
def test_what_concerns_the_backbone_is_refused_where_that_does_not_train(tmp_path, setting):
    with pytest.raises(UserError, match="model.x_trainable=all, or leave it at"):
        train_tiny(tmp_path, weights="given", x_trainable="none", **setting)
    settings = {f"training.{name}": value for name, value in setting.items()}
    frozen = {"data.source": "photos", "model.name": "squeezenet", "model.x_trainable": "none"}
    with pytest.raises(UserError, match="of which none trains"):
        resolve_config(Config().override(frozen | settings), set(frozen))


def test_without_pretrained_weights_it_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"training\.l2_sp=0\.01 .*random weights"):
        train_tiny(tmp_path, l2_sp=0.01)
    config = Config().override({"data.source": "demo", "model.name": "model1", "training.l2_sp": 0.01})
    with pytest.raises(UserError, match="--weights"):
        resolve_config(config, set())
