"""What the ready-made studies say that their sources found, and the recipes that the sources give."""

import pytest

from car_classifier.study import read_study

BOTH = "cub200+fgvc_aircraft"
FIGURES = {  # variant: accuracy in per cent, by data
    "frozen-stages": {
        "none frozen": {"cub200": 89.42}, "stage 1 frozen": {"cub200": 89.52}, "stages 1 and 2 frozen": {"cub200": 88.99},
        "stages 1 to 3 frozen": {"cub200": 80.31}, "all frozen": {"cub200": 52.31},
    },
    "se-position": {
        "no SE block": {"cub200": 89.42, BOTH: 88.45, "foodx251": 78.00},
        "between stages 1 and 2": {"cub200": 89.93, BOTH: 89.95, "foodx251": 79.40},
        "between stages 2 and 3": {"cub200": 89.65}, "between stages 3 and 4": {"cub200": 89.36},
    },
    "scra-ladder": {
        "baseline": {"cub200": 89.49, BOTH: 89.48, "foodx251": 78.62},
        "+ augmentation": {"cub200": 89.47, BOTH: 89.82},
        "+ augmentation + L2-SP": {"cub200": 89.42, BOTH: 89.78},
        "+ augmentation + L2-SP + dropout": {"cub200": 89.6, BOTH: 89.64},
        "+ augmentation + L2-SP + dropout + SCRA": {BOTH: 89.96},
        "+ augmentation + dropout + SCRA": {"cub200": 90.4, BOTH: 89.99, "foodx251": 79.44},
    },
    "cifar100-three-ways": {
        "a CNN from scratch": {"cifar100": 36}, "ready-made, fine-tuned at once": {"cifar100": 46},
        "head first, then the upper layers": {"cifar100": 31},
    },
    "cifar10-cnns": {
        "simple CNN": {"cifar10": 71}, "simple CNN, tuned": {"cifar10": 74.7}, "simple CNN with normalisation": {},
        "EfficientNet as in the paper": {"cifar10": 33}, "EfficientNet for small pictures": {}, "SqueezeNet": {"cifar10": 56},
        "ResNet-20": {}, "ResNet-32": {}, "EfficientNet-B0, pretrained": {"cifar10": 90},
    },
}
RECIPES = {  # of all variants
    "frozen-stages": {"model.name": "convnextv2_large", "data.image_size": 256, "training.batch_size": 16},
    "se-position": {"model.name": "convnextv2_large", "data.image_size": 256, "training.batch_size": 16},
    "scra-ladder": {
        "model.name": "convnextv2_large", "data.image_size": 224, "training.batch_size": 128, "training.epochs": 30,
        "training.learning_rate": 1e-4, "training.weight_decay": 1e-5, "training.schedule": "step", "training.step_epochs": 5,
        "training.step_factor": 0.1,
    },
    "cifar100-three-ways": {"model.name": "convnext_small"},
    "cifar10-cnns": {"data.image_size": 32, "training.epochs": 50},
}


OWN = {  # of one variant
    ("frozen-stages", "stages 1 and 2 frozen"): {"model.x_trainable": "after_stage_2"},
    ("frozen-stages", "all frozen"): {"model.x_trainable": "none"},
    ("se-position", "between stages 2 and 3"): {"model.se_after_stages": [2]},
    ("scra-ladder", "+ augmentation + L2-SP + dropout + SCRA"): {
        "augmentation.preset": "scra", "training.l2_sp": 0.01, "model.classifier_dropout": 0.45, "model.scra_after_stages": [1],
    },
    ("cifar100-three-ways", "head first, then the upper layers"): {"model.x_trainable": "partial"},
    ("cifar10-cnns", "SqueezeNet"): {
        "training.learning_rate": 1e-4, "training.weight_decay": 1e-4, "training.schedule": "plateau",
    },
}


def rows_of(study):
    return {row.name: row for row in read_study(study)[1].rows()}


@pytest.mark.parametrize("study", FIGURES)
def test_accuracies_are_those_of_the_source(study):
    assert {name: row.published or {} for name, row in rows_of(study).items()} == FIGURES[study]


def test_costs_are_those_of_the_source():
    costs = {name: (row.published_gflops, row.published_weights) for name, row in rows_of("scra-ladder").items()}
    assert costs == {name: (68.80, 196.881) if "SCRA" in name else (68.72, 196.660) for name in FIGURES["scra-ladder"]}


@pytest.mark.parametrize("study", RECIPES)
def test_recipe_is_that_of_the_source(study):
    of_all = read_study(study)[1].settings_of_all()
    assert {name: of_all[name] for name in RECIPES[study]} == RECIPES[study]


@pytest.mark.parametrize(("study", "row"), OWN)
def test_a_variant_is_that_of_the_source(study, row):
    settings = rows_of(study)[row].settings
    assert {name: settings[name] for name in OWN[study, row]} == OWN[study, row]
