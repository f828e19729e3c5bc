"""What a training consists of, in words."""

import pytest

from car_classifier.training.config import TrainingConfig
from car_classifier.training.phases import describe_epochs, plan_phases


@pytest.mark.parametrize(("epochs", "pretrained", "extended_from", "words"), [
    (1, False, (), "at most 1 epoch"),
    (30, False, (), "at most 30 epochs"),
    (30, True, (), "at most 30 epochs, after at most 20 of the head alone"),
    (30, False, (10, 20), "at most 30 epochs"),
])
def test_epochs_are_told_without_those_of_the_head(epochs, pretrained, extended_from, words):
    config = TrainingConfig(epochs=epochs)
    phases = plan_phases(config, pretrained=pretrained, x_trainable="all", extended_from=extended_from)
    assert describe_epochs(phases, refit=False) == words
    assert describe_epochs(phases, refit=True) == f"{words}, and at most as many again for the refit"
