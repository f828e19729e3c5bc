import inspect

import keras
import pytest

from car_classifier.base.errors import UserError
from models.factory import make_model_function
from models.model1 import create_model1_model
from models.registry import model_entry


@pytest.mark.parametrize("shape", [(64, 64), (64, 64, 1), (64.0, 64, 3), (None, None, 3)])
def test_shape_other_than_height_width_and_three_is_refused(shape):
    with pytest.raises(UserError, match=r"`input_shape` must be \(height, width, 3\). Received: "):
        create_model1_model(shape, 3)


def test_a_single_class_is_refused():
    with pytest.raises(UserError, match="`num_classes` must be at least 2. Received: 1"):
        create_model1_model((16, 16, 3), 1)


def test_own_head_of_a_model_stands_in_its_signature_and_is_used():
    def backbone(pictures):
        return keras.layers.Conv2D(16, 3)(pictures)

    create = make_model_function("model1", backbone)
    assert inspect.signature(create).parameters["fc_layers"].default == model_entry("model1").head.fc_layers == (256,)
    assert create((16, 16, 3), 3).get_layer("head_dense_1").units == 256


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_probabilities_stay_float32_in_mixed_precision(policy, random_pictures):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        model = create_model1_model((16, 16, 3), 3)
    finally:
        keras.config.set_dtype_policy(before)
    assert model.get_layer("conv1").dtype_policy.name == policy
    assert keras.backend.standardize_dtype(model(random_pictures(16)).dtype) == "float32"


def test_same_seed_gives_the_same_initial_weights():
    def first_weights():
        keras.utils.set_random_seed(7)
        return create_model1_model((16, 16, 3), 3).get_weights()[0].tolist()

    assert first_weights() == first_weights()


def test_unknown_keyword_is_a_type_error():
    with pytest.raises(TypeError, match="droput"):
        create_model1_model((16, 16, 3), 3, droput=0.5)
