import keras
import numpy as np
import pytest

from car_classifier.base.errors import UserError
from models.config import ModelConfig
from models.freezing import (
    backbone_layers,
    describe_trained,
    freeze,
    has_inner_blocks,
    head_layers,
    parse_x_trainable,
    tail_layers,
)
from models.inceptionv3 import create_inceptionv3_model
from models.model1 import create_model1_model
from models.squeezenet import create_squeezenet_model


@pytest.fixture
def model():
    return create_model1_model((16, 16, 3), 3, fc_layers=(8,))


def holders(model):
    return [layer.name for layer in backbone_layers(model) if layer.weights]


@pytest.mark.parametrize(
    ("x_trainable", "count"),
    [("none", 0), ("partial", 4), (0, 0), (1, 1), ("3", 3), (5, 5), (10_000, None), ("all", None)],
)
def test_last_layers_that_hold_weights_train(model, x_trainable, count):
    expected = holders(model)[-count:] if count else holders(model) * (count is None)
    assert freeze(model, x_trainable) == expected
    assert [layer.name for layer in backbone_layers(model) if layer.trainable_weights] == expected
    assert all(layer.trainable for layer in head_layers(model))


def test_freezing_can_be_undone(model):
    count = len(model.trainable_weights)
    freeze(model, "none")
    assert len(model.trainable_weights) < count
    freeze(model, "all")
    assert len(model.trainable_weights) == count


def test_model_is_made_with_its_layers_frozen():
    model = create_model1_model((16, 16, 3), 3, x_trainable="2")
    assert [layer.name for layer in backbone_layers(model) if layer.trainable_weights] == holders(model)[-2:]


def test_last_layers_of_inception_are_counted_among_those_with_weights(small_model):
    last = [layer for layer in backbone_layers(small_model("inceptionv3"))][-4:]
    assert not any(layer.weights for layer in last)
    model = create_inceptionv3_model((75, 75, 3), 3, fc_layers=(), x_trainable="partial")
    assert sum(bool(layer.trainable_weights) for layer in backbone_layers(model)) == 4


def test_frozen_batch_normalization_does_not_move_by_one_bit(model, random_pictures):
    freeze(model, "none")
    before = [layer.get_weights() for layer in backbone_layers(model)]
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(random_pictures(16), np.array([0, 1]), verbose=0)
    for layer, weights in zip(backbone_layers(model), before, strict=True):
        for old, new in zip(weights, layer.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)


def test_unfrozen_batch_normalization_moves(model, random_pictures):
    norm = next(layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization))
    before = norm.get_weights()
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(random_pictures(16), np.array([0, 1]), verbose=0)
    assert (norm.get_weights()[2] != before[2]).any()


@pytest.mark.parametrize("value", ["some", "-1", -1, 1.5, True, None])
def test_other_values_are_refused(value):
    with pytest.raises(UserError, match="`x_trainable` must be 'all', 'none', 'partial' .*Received: "):
        parse_x_trainable(value)


def test_stages_up_to_the_named_one_are_frozen_but_not_the_blocks_between():
    model = create_squeezenet_model(
        (64, 64, 3), 3, fc_layers=(), x_trainable="after_stage_2", se_after_stages=[1], scra_after_stages=[3]
    )
    trained = [layer.name for layer in backbone_layers(model) if layer.trainable_weights]
    assert trained[0] == "after_stage_1_se" and trained[-1] == "after_stage_3_scra"
    assert {name.partition("_")[0] for name in trained[1:-1]} == {"fire6", "fire7", "fire8", "fire9"}


def test_fresh_blocks_train_whatever_of_the_backbone_does():
    model = create_squeezenet_model((64, 64, 3), 3, fc_layers=(), se_after_stages=[1], scra_after_stages=[3])
    assert freeze(model, "none") == ["after_stage_1_se", "after_stage_3_scra"]
    last = [name for name in freeze(model, 2) if not name.startswith("after_stage_")]
    assert last == ["fire9_expand1x1", "fire9_expand3x3"]


def test_blocks_amid_the_backbone_can_wait_and_those_behind_it_do_not():
    model = create_squeezenet_model((64, 64, 3), 3, fc_layers=(), se_after_stages=[1], scra_after_stages=[3])
    assert freeze(model, "none", inner_blocks=False) == ["after_stage_3_scra"]
    assert freeze(model, "none") == ["after_stage_1_se", "after_stage_3_scra"]


def test_trained_layers_are_told_apart_from_fresh_blocks():
    assert describe_trained([]) == "the backbone is frozen, the head trains"
    assert describe_trained(["after_stage_1_se"]) == "the backbone is frozen, the fresh after_stage_1_se and the head train"
    assert describe_trained(["a", "after_stage_1_se"]) == "1 backbone layer trains (a), the fresh after_stage_1_se"


@pytest.mark.parametrize(("stages", "first", "inner"), [
    ([], "head_spatial_dropout", False), ([3], "after_stage_3_scra", False), ([1], "head_spatial_dropout", True),
    ([1, 3], "after_stage_3_scra", True),
])
def test_blocks_behind_the_last_stage_belong_to_the_tail(stages, first, inner):
    model = create_squeezenet_model((64, 64, 3), 3, fc_layers=(), scra_after_stages=stages)
    assert tail_layers(model)[0].name == first and has_inner_blocks(model) is inner
    settings = ModelConfig(name="squeezenet", x_trainable="none", scra_after_stages=stages)
    assert settings.trains_head_alone is not inner


@pytest.mark.parametrize("stage", ["after_stage_0", "after_stage_", "after_stage_1.5", "after_stage_-1"])
def test_stages_are_counted_from_one(stage):
    with pytest.raises(UserError, match="'after_stage_<k>'"):
        parse_x_trainable(stage)
