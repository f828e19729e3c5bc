import keras
import numpy as np
import pytest
from keras.ops import convert_to_numpy

from models.efficientnet_scratch import create_efficientnet_scratch_32_model
from models.features import can_pool, split_at_head, with_features
from models.freezing import head_layers
from models.model1 import create_model1_model
from models.squeezenet import create_squeezenet_model

LABELS = np.array([0, 2])


@pytest.fixture
def model():
    return create_squeezenet_model((64, 48, 3), 3, fc_layers=(8,), custom_layers=True, spatial_dropout=0.5)


@pytest.fixture
def pictures():
    return np.random.default_rng(0).integers(0, 256, (2, 64, 48, 3), dtype=np.uint8)


def first_step(head, features):
    """Loss and gradients (as the change that SGD at rate 1 makes) of a training step; leaves the head as it was."""
    before = [convert_to_numpy(variable) for variable in head.variables]
    weights = head.get_weights()
    head.compile(keras.optimizers.SGD(1.0), "sparse_categorical_crossentropy")
    loss = head.train_on_batch(features, LABELS)
    gradients = [old - new for old, new in zip(weights, head.get_weights(), strict=True)]
    for variable, value in zip(head.variables, before, strict=False):
        variable.assign(value)
    return loss, gradients


def test_a_pooled_head_trains_exactly_as_on_full_maps(model, pictures):
    steps = []
    for pooled in (False, True):
        backbone, head = split_at_head(model, pooled=pooled)
        steps.append(first_step(head, convert_to_numpy(backbone(pictures))))
    (loss, gradients), (pooled_loss, pooled_gradients) = steps
    np.testing.assert_allclose(pooled_loss, loss, atol=1e-5)
    assert max(np.abs(gradient).max() for gradient in gradients) > 1e-3
    for given, expected in zip(pooled_gradients, gradients, strict=True):
        np.testing.assert_allclose(given, expected, atol=1e-5)


@pytest.mark.parametrize("gates", ["none", "placebo", "attention", "se"])
def test_a_pooled_head_answers_as_on_full_maps_whatever_its_gates(gates, pictures):
    model = create_squeezenet_model((64, 48, 3), 3, fc_layers=(8,), gates=gates, identity_start=True)
    generator = np.random.default_rng(3)
    for layer in head_layers(model):
        layer.set_weights([generator.normal(0, 0.1, weight.shape) for weight in layer.get_weights()])
    backbone, head = split_at_head(model, pooled=True)
    np.testing.assert_allclose(
        convert_to_numpy(head(backbone(pictures))), convert_to_numpy(model(pictures)), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("pooled", [False, True])
def test_both_parts_one_after_the_other_are_the_model(model, pictures, pooled):
    backbone, head = split_at_head(model, pooled=pooled)
    assert backbone.output_shape == ((None, 1, 1, 512) if pooled else (None, 3, 2, 512))
    np.testing.assert_allclose(
        convert_to_numpy(head(backbone(pictures))), convert_to_numpy(model(pictures)), rtol=1e-5, atol=1e-6
    )


def test_recalibration_behind_the_last_stage_goes_with_the_head_on_whole_maps(pictures):
    model = create_efficientnet_scratch_32_model((64, 48, 3), 3, scra_after_stages=[4])
    backbone, head = split_at_head(model, pooled=False)
    assert not can_pool(model) and backbone.output_shape == (None, 8, 6, 128)
    assert head.layers[1].name == "after_stage_4_scra" and "top" in {layer.name for layer in head.layers}
    np.testing.assert_allclose(
        convert_to_numpy(head(backbone(pictures))), convert_to_numpy(model(pictures)), rtol=1e-5, atol=1e-6
    )


def test_an_se_block_behind_the_last_stage_leaves_features_pooled(pictures):
    model = create_squeezenet_model((64, 48, 3), 3, fc_layers=(8,), se_after_stages=[3])
    backbone, head = split_at_head(model, pooled=True)
    assert can_pool(model) and backbone.output_shape == (None, 1, 1, 512)
    np.testing.assert_allclose(
        convert_to_numpy(head(backbone(pictures))), convert_to_numpy(model(pictures)), rtol=1e-5, atol=1e-6
    )


def test_training_the_head_trains_the_model(model, pictures):
    before = model.get_layer("head_probabilities").get_weights()[0]
    backbone, head = split_at_head(model, pooled=True)
    head.compile("sgd", "sparse_categorical_crossentropy")
    head.train_on_batch(convert_to_numpy(backbone(pictures)), LABELS)
    assert (model.get_layer("head_probabilities").get_weights()[0] != before).any()


def test_model_can_be_saved_and_loaded_after_it_was_split(model, pictures, tmp_path):
    split_at_head(model, pooled=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(convert_to_numpy(loaded(pictures)), convert_to_numpy(model(pictures)))


def test_heads_that_flatten_are_never_pooled():
    model = create_model1_model((16, 16, 3), 3, pooling="flatten")
    assert not can_pool(model)
    with pytest.raises(ValueError, match="needs whole feature maps"):
        split_at_head(model, pooled=True)


def test_pooled_features_are_float32_under_mixed_precision(pictures):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = create_squeezenet_model((64, 48, 3), 3)
    finally:
        keras.config.set_dtype_policy(before)
    backbone, head = split_at_head(model, pooled=True)
    assert keras.backend.standardize_dtype(backbone(pictures).dtype) == "float32"
    assert can_pool(model)
    np.testing.assert_allclose(convert_to_numpy(head(backbone(pictures))), convert_to_numpy(model(pictures)), atol=0.02)


def test_features_come_beside_the_same_probabilities(model, pictures):
    probabilities, features = with_features(model)(pictures)
    np.testing.assert_allclose(convert_to_numpy(probabilities), convert_to_numpy(model(pictures)), atol=1e-6)
    np.testing.assert_allclose(
        convert_to_numpy(model.layers[-1](features)), convert_to_numpy(probabilities), atol=1e-6
    )
