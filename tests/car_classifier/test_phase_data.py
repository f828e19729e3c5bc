"""What a phase trains, and what it may train on."""

import pytest

from car_classifier.phase_data import PhaseLoaders, PhasePreparation, reaches_in
from car_classifier.training.config import TrainingConfig
from car_classifier.training.phases import Phase
from models.cifar_resnet import create_resnet20_model
from tests.car_classifier.small_training import NUM_CLASSES, SIZE, SquaresLoader


@pytest.mark.parametrize(("name", "x_trainable", "trains"), [
    ("head", "none", False), ("refit-head", "none", False), ("fine-tune", "all", True), ("train", "none", True),
])
def test_a_block_amid_the_backbone_waits_for_the_head(name, x_trainable, trains):
    network = create_resnet20_model((SIZE, SIZE, 3), NUM_CLASSES, scra_after_stages=[1], identity_start=True)
    loaders, phase = PhaseLoaders(SquaresLoader(), None, SquaresLoader()), Phase(name, x_trainable, 1, 0.1, "none")
    data = PhasePreparation(network, loaders, config=TrainingConfig(), cache=None, told=print)(phase)
    assert data.model.get_layer("after_stage_1_scra").trainable is trains and reaches_in(phase, network) is trains
    assert data.model.get_layer("head_probabilities").trainable
