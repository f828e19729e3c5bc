"""What the first screen says of settings that do nothing, and why."""

import pytest

from car_classifier.config import Config
from car_classifier.decisions import describe_augmentation, describe_loss

FROZEN = {"augmentation.augment": False, "model.x_trainable": "none"}


@pytest.mark.parametrize(("settings", "reason"), [
    (FROZEN, "no transforms: the backbone is frozen, and its features are computed once"),
    (FROZEN | {"augmentation.mixup_alpha": 0.2}, "no transforms: the backbone is frozen + MixUp"),
    ({"augmentation.augment": False}, "no transforms: switched off"),
    ({"augmentation.augment": False, "data.augmented_copies": "copies"}, "no transforms: augmented copies take their place"),
])
def test_no_transforms_have_their_reason(settings, reason):
    assert describe_augmentation(Config().override(settings)) == reason


def test_a_preset_that_does_nothing_is_said_with_what_makes_it_count():
    words = describe_augmentation(Config().override(FROZEN | {"augmentation.preset": "cifar"}))
    assert words.endswith("Preset cifar does nothing then; augmentation.augment=true makes it count")


def test_a_preset_that_counts_is_named_with_its_transforms():
    config = Config().override({"augmentation.augment": True, "augmentation.preset": "cars"})
    assert describe_augmentation(config).startswith("preset cars: horizontal flip, ")


@pytest.mark.parametrize(("settings", "words"), [
    ({}, None),
    ({"training.loss": "focal"}, "focal, γ = 2"),
    ({"training.focal_gamma": 3}, "cross-entropy: training.focal_gamma=3 does nothing without training.loss=focal"),
])
def test_a_gamma_without_its_loss_is_said(settings, words):
    assert describe_loss(Config().override(settings)) == words
