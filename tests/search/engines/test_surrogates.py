"""Engines that learn are better than chance."""

import math
from statistics import mean

import pytest

from search.registry import create_engine
from search.space import Space
from tests.search.engines.imagined_search import search

BOWL = Space.model_validate({"dimensions": {
    "rate": {"kind": "float", "low": 1e-5, "high": 1.0, "log": True},
    "dropout": {"kind": "float", "low": 0.0, "high": 0.9},
    "optimizer": {"kind": "categorical", "choices": ["adam", "sgd", "rmsprop"]},
}})


def loss_of(values) -> float:
    return (math.log10(values["rate"]) + 3) ** 2 + 4 * (values["dropout"] - 0.3) ** 2 + (values["optimizer"] != "adam")


def best(name: str, seed: int) -> float:
    engine = create_engine(name, epochs=1)
    trials = search(engine, BOWL, 30, seed=seed, loss=loss_of)
    engine.close()
    return min(trial.loss for trial in trials)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["optuna:tpe", "skopt:gp"])
def test_surrogate_finds_better_values_than_chance(name):
    seeds = range(3)
    assert mean(best(name, seed) for seed in seeds) < mean(best("random", seed) for seed in seeds) / 2
