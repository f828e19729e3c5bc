"""What the user changed, and what the program chose by itself."""

import pytest

from car_classifier.changed_settings import changed_settings
from car_classifier.config import Config
from car_classifier.defaults import default_model, jsonable, resolve_config

CASES = {
    "demo": {"data.source": "demo"},
    "demo with as many epochs as other data": {"data.source": "demo", "training.epochs": 30},
    "other data": {"data.source": "photos", "model.name": "squeezenet", "training.batch_size": 8},
    "frozen backbone": {"data.source": "photos", "model.x_trainable": "none"},
    "settings given that are the default": {"data.source": "photos", "data.image_size": 224, "seed": 0},
    "from random weights": {"data.source": "photos", "model.weights": "none", "training.learning_rate": 0.5},
}
UNCHANGED = {("data.source", "demo"), ("data.image_size", 224), ("seed", 0)}


@pytest.mark.parametrize("given", CASES.values(), ids=CASES)
def test_only_what_the_user_changed_is_listed(given):
    named = {"model.name": default_model(given["data.source"]), **given}
    stored = jsonable(resolve_config(Config().override(named), set(given))) | {"data.cut_to_box": True}
    assert changed_settings(stored, has_boxes=True) == dict(given.items() - UNCHANGED)


def test_boxes_that_are_not_used_are_a_change():
    stored = jsonable(resolve_config(Config().override({"model.name": "model1"}), set())) | {"data.cut_to_box": False}
    assert changed_settings(stored, has_boxes=True) == {"data.cut_to_box": False}


@pytest.mark.parametrize("given", [
    {"augmentation.blur_kernel_min": 9, "augmentation.blur_kernel_max": 11},
    {"training.cached_views": 2, "augmentation.cutmix_alpha": 1.0, "augmentation.mixing_probability": 0.0},
])
def test_settings_that_are_valid_only_together_are_listed(given):
    stored = jsonable(resolve_config(Config().override({"model.name": "model1", **given}), set(given)))
    assert given.items() <= changed_settings(stored | {"data.cut_to_box": True}, has_boxes=True).items()
