import keras
import numpy as np
import pytest

from car_classifier.base.errors import UserError
from models.freezing import head_layers
from models.head import add_head
from models.head_options import HeadOptions
from models.model1 import create_model1_model


def names_of_head(options):
    features = keras.Input((4, 4, 32))
    return [layer.name for layer in head_layers(keras.Model(features, add_head(features, 5, options)))]


def test_full_head_in_order():
    assert names_of_head(HeadOptions(fc_layers=(8, 4))) == [
        "head_spatial_dropout",
        "head_attention",
        "head_se",
        "head_custom_attention",
        "head_custom_se",
        "head_flatten",
        "head_dense_1",
        "head_dropout_1",
        "head_dense_2",
        "head_dropout_2",
        "head_probabilities",
    ]


def test_smallest_head_in_order():
    assert names_of_head(HeadOptions(fc_layers=(), custom_layers=False, pooling="average")) == [
        "head_spatial_dropout",
        "head_attention",
        "head_se",
        "head_average",
        "head_probabilities",
    ]


def test_plain_head_with_normalisation_and_dropout_in_order():
    options = HeadOptions(
        fc_layers=(), gates="none", pooling="average", custom_layers=False, normalization=True, classifier_dropout=0.45
    )
    assert names_of_head(options)[1:] == [
        "head_average", "head_normalization", "head_classifier_dropout", "head_probabilities"
    ]


def test_options_reach_the_layers():
    model = create_model1_model(
        (16, 16, 3), 5, dropout=0.1, spatial_dropout=0.3, attention_ratio=4, se_ratio=2, custom_layers=True
    )
    assert model.get_layer("head_dropout_1").rate == 0.1
    assert model.get_layer("head_spatial_dropout").rate == 0.3
    assert model.get_layer("head_attention").reduction_ratio == 4
    assert model.get_layer("head_custom_attention").reduction_ratio == 4
    assert model.get_layer("head_se").reduction_ratio == 2
    assert model.get_layer("head_custom_se").reduction_ratio == 2


def test_option_of_none_takes_the_models_own():
    assert HeadOptions(pooling="average").replaced(pooling=None, dropout=0.0) == HeadOptions(
        pooling="average", dropout=0.0
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fc_layers", (512, 0)),
        ("dropout", 1.0),
        ("spatial_dropout", -0.1),
        ("classifier_dropout", 1.0),
        ("attention_ratio", 0),
        ("se_ratio", 0),
        ("pooling", "max"),
    ],
)
def test_value_outside_its_range_is_refused(name, value):
    with pytest.raises(UserError, match=f"`{name}` must be .*Received: "):
        HeadOptions(**{name: value})


def test_gate_wider_than_the_features_is_refused():
    with pytest.raises(
        UserError, match=r"`se_ratio` must be no larger than the number of channels \(32\). Received: 64"
    ):
        add_head(keras.Input((4, 4, 32)), 5, HeadOptions(se_ratio=64))


@pytest.mark.parametrize(
    ("gates", "names"),
    [
        ("none", []),
        ("attention", ["head_attention", "head_custom_attention"]),
        ("se", ["head_se", "head_custom_se"]),
        ("placebo", ["head_attention", "head_se", "head_custom_attention", "head_custom_se"]),
    ],
)
def test_gates_of_a_head_are_chosen_by_name(gates, names):
    assert names_of_head(HeadOptions(gates=gates))[1 : len(names) + 1] == names


def test_placebo_has_as_many_weights_as_both_gates():
    counts = {gates: create_model1_model((16, 16, 3), 5, gates=gates).count_params() for gates in ("both", "placebo", "none")}
    assert counts["both"] == counts["placebo"] > counts["none"]


def test_head_that_starts_as_the_identity_answers_as_one_without_gates():
    pictures = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3))
    plain = create_model1_model((16, 16, 3), 5, gates="none")
    gated = create_model1_model((16, 16, 3), 5, identity_start=True)
    for layer in plain.layers:
        gated.get_layer(layer.name).set_weights(layer.get_weights())
    np.testing.assert_array_equal(gated.predict_on_batch(pictures), plain.predict_on_batch(pictures))
