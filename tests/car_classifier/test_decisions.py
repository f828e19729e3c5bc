"""What the first screen says of settings that do nothing, and why."""

import pytest

from car_classifier.backends.devices import Devices
from car_classifier.config import Config
from car_classifier.decisions import decide_precision, describe_augmentation, describe_loss, describe_rate, describe_weights

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
    ({"training.label_smoothing": 0.1}, "cross-entropy, label smoothing 0.1"),
    ({"training.loss": "focal", "training.l2_sp": 0.01}, "focal, γ = 2, L2-SP λ = 0.01"),
    ({"training.focal_gamma": 3}, "cross-entropy: training.focal_gamma=3 does nothing without training.loss=focal"),
])
def test_a_loss_that_is_not_the_usual_one_is_said_and_a_gamma_without_its_loss(settings, words):
    assert describe_loss(Config().override(settings)) == words


@pytest.mark.parametrize(("model", "weights", "words"), [
    ("model1", "none", "random: nothing is learnt beforehand"),
    ("squeezenet", "own.h5", "from own.h5"),
    ("convnextv2_nano", "imagenet22k", "licence: CC BY-NC 4.0, not for commercial use"),
])
def test_what_a_network_starts_from_is_said_with_source_and_licence(model, weights, words):
    said = describe_weights(Config().override({"model.name": model, "model.weights": weights}))
    assert said.endswith(words)
    assert weights != "imagenet22k" or said.startswith("imagenet22k, of Meta AI")


def test_slower_lower_layers_are_said():
    config = Config().override({"training.learning_rate": 1e-4, "training.layer_rate_decay": 0.8})
    assert describe_rate(config) == "0.0001, Adam, schedule plateau, times 0.8 with each step down the network"


@pytest.mark.parametrize(("has_bfloat16", "words"), [(True, "mixed_bfloat16 may be faster or slower"), (False, "gains little")])
def test_a_cpu_computes_in_float32_and_one_with_amx_is_told_of_bfloat16(has_bfloat16, words):
    decision = decide_precision("auto", Devices("cpu", ("cpu:0",), has_bfloat16))
    assert decision.value == "float32" and words in decision.reason
