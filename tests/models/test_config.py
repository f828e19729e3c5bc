import pytest
from pydantic import ValidationError

from models.config import ModelConfig
from models.model1 import create_model1_model


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
        ("droput", 0.5, "Extra inputs are not permitted"),
    ],
)
def test_bad_value_is_refused(field, value, message):
    with pytest.raises(ValidationError, match=message):
        ModelConfig(**{field: value})
