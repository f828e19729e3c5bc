import pytest
from pydantic import ValidationError

from layers import StochasticDepth
from models.config import ModelConfig
from models.convnextv2 import create_convnextv2_atto_model
from models.mobilenet import create_mobilenet_model
from models.model1 import create_model1_model
from models.simple_cnn import create_simple_cnn_model


def test_digits_count_as_a_number_of_layers():
    assert ModelConfig(x_trainable="4").x_trainable == 4


def test_settings_make_the_model_by_their_names():
    config = ModelConfig(name="model1", fc_layers=(6,), dropout=0.1, pooling="average", x_trainable="none")
    model = create_model1_model((16, 16, 3), 3, **config.model_dump(exclude={"name"}))
    assert model.get_layer("head_dense_1").units == 6
    assert not model.get_layer("conv1").trainable


def test_settings_come_back_from_json():
    config = ModelConfig(name="vgg16", fc_layers=(6, 5), x_trainable=3)
    assert ModelConfig.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "vgg61", "Did you mean 'vgg16'"),
        ("x_trainable", "some", "'all', 'none', 'partial'"),
        ("fc_layers", (0,), "greater than or equal to 1"),
        ("dropout", 1.0, "less than 1"),
        ("spatial_dropout", -0.1, "greater than or equal to 0"),
        ("attention_ratio", 0, "greater than or equal to 1"),
        ("se_ratio", 0, "greater than or equal to 1"),
        ("pooling", "max", "'flatten' or 'average'"),
        ("classifier_dropout", 1.0, "less than 1"),
        ("se_after_stages", (0,), "greater than or equal to 1"),
        ("droput", 0.5, "Extra inputs are not permitted"),
    ],
)
def test_bad_value_is_refused(field, value, message):
    with pytest.raises(ValidationError, match=message):
        ModelConfig(**{field: value})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "vgg16", "width_multiplier": 0.5}, "models that have it: mobilenet, mobilenetv2, mobilenetv3_small"),
        ({"name": "mobilenet", "width_multiplier": 0.0}, "`width_multiplier` must be above 0"),
        ({"name": "efficientnet_scratch", "scaling": "b8"}, "`scaling` must be one of b0, b1"),
        ({"name": "convnextv2_atto", "stochastic_depth": 1.0}, "`stochastic_depth` must be at least 0 and below 1"),
        ({"name": "simple_cnn", "filters": ()}, "`filters` must be numbers of at least 1"),
        ({"name": "model1", "scra_after_stages": (1,)}, "left out for model 'model1', which has no stages"),
        ({"name": "resnet50", "se_after_stages": (5,)}, "stages of model 'resnet50', from 1 to 4, each once"),
        ({"name": "resnet50", "se_after_stages": (1, 1)}, "each once"),
        ({"name": "resnet50", "x_trainable": "after_stage_5"}, "`x_trainable` must be stages of model 'resnet50', from 1 to 4"),
        ({"name": "model1", "x_trainable": "after_stage_1"}, "which has no stages. Received: 'after_stage_1'"),
    ],
)
def test_option_that_does_not_fit_the_model_is_refused(values, message):
    with pytest.raises(ValidationError, match=message):
        ModelConfig(**values)


@pytest.mark.parametrize(("stages", "x_trainable", "alone"), [((), "none", True), ((4,), 0, True), ((1, 4), "none", False),
                                                              ((4,), "partial", False)])
def test_only_blocks_behind_the_last_stage_belong_to_the_head(stages, x_trainable, alone):
    config = ModelConfig(name="resnet50", scra_after_stages=stages, x_trainable=x_trainable)
    assert config.trains_head_alone is alone


def test_options_of_the_network_reach_it():
    model = create_simple_cnn_model((16, 16, 3), 3, filters=(4, 6, 8), kernel_size=5)
    assert [model.get_layer(f"conv{number}").kernel.shape for number in (1, 2, 3)] == [
        (5, 5, 3, 4), (5, 5, 4, 6), (5, 5, 6, 8)
    ]
    narrow = create_mobilenet_model((32, 32, 3), 3, width_multiplier=0.25)
    assert narrow.get_layer("conv_pw_13").filters == 256


def test_stochastic_depth_rises_from_block_to_block():
    model = create_convnextv2_atto_model((32, 32, 3), 3, stochastic_depth=0.55)
    rates = [layer.rate for layer in model.layers if isinstance(layer, StochasticDepth)]
    assert rates == pytest.approx([0.05 * block for block in range(12)])
