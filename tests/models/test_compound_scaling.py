import keras
import pytest

from car_classifier.config import Config
from car_classifier.defaults import full_settings, resolve_config
from models.cost import measure_cost
from models.efficientnet_scratch import create_efficientnet_scratch_32_model, create_efficientnet_scratch_model


def settings_of(**values):
    given = {f"model.{name}" if name != "image_size" else "data.image_size": value for name, value in values.items()}
    named = {"model.name": "efficientnet_scratch", "data.source": "photos", **given}
    return full_settings(resolve_config(Config().override(named), set(named)))


@pytest.mark.parametrize(
    ("scaling", "image_size", "dropout"),
    [(None, 224, 0.2), ("b0", 224, 0.2), ("b1", 240, 0.2), ("b2", 260, 0.3), ("b3", 300, 0.3), ("b4", 380, 0.4),
     ("b5", 456, 0.4), ("b6", 528, 0.5), ("b7", 600, 0.5)],
)
def test_pictures_and_dropout_grow_with_the_scaling(scaling, image_size, dropout):
    values = settings_of(scaling=scaling)
    assert (values["data.image_size"], values["model.classifier_dropout"]) == (image_size, dropout)


def test_a_run_keeps_the_dropout_of_its_scaling_in_its_settings():
    given = {"model.name": "efficientnet_scratch", "data.source": "photos", "model.scaling": "b3"}
    assert resolve_config(Config().override(given), set(given)).model.classifier_dropout == 0.3


def test_pictures_and_dropout_that_are_given_stay():
    values = settings_of(scaling="b3", image_size=64, classifier_dropout=0.0)
    assert (values["data.image_size"], values["model.classifier_dropout"]) == (64, 0.0)


def test_the_network_for_small_pictures_keeps_both():
    values = settings_of(name="efficientnet_scratch_32", scaling="b3")
    assert (values["data.image_size"], values["model.classifier_dropout"]) == (32, 0.2)


@pytest.mark.parametrize(("given", "rate"), [({}, 0.2), ({"scaling": "b2"}, 0.3), ({"classifier_dropout": 0.1}, 0.1)])
def test_classifier_drops_what_the_scaling_says(given, rate):
    model = create_efficientnet_scratch_model((32, 32, 3), 3, **given)
    assert model.get_layer("head_classifier_dropout").rate == rate


def test_scalings_have_as_many_weights_as_in_keras():
    for number, expected in enumerate((
        5_330_564, 7_856_232, 9_177_562, 12_320_528, 19_466_816, 30_562_520, 43_265_136, 66_658_680
    )):
        with keras.StatelessScope(initialize_variables=False):
            model = create_efficientnet_scratch_model((32, 32, 3), 1000, scaling=f"b{number}")
        assert measure_cost(model).parameters == expected


def test_depth_of_the_network_for_small_pictures_grows():
    with keras.StatelessScope(initialize_variables=False):
        plain, deep = (create_efficientnet_scratch_32_model((32, 32, 3), 3, scaling=scaling) for scaling in ("b0", "b3"))
    assert len(deep.layers) > len(plain.layers)
