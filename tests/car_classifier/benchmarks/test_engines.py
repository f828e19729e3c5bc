"""Engines beside chance on an objective that costs nothing."""

import math

import pytest

from car_classifier.benchmarks.engine_scores import EngineScores
from car_classifier.benchmarks.engines import compare_engines, run_engine
from car_classifier.benchmarks.imagined_training import SPACE, imagined_loss
from search.space import Space

SMALL = Space.model_validate({"dimensions": {"size": {"kind": "int", "low": 0, "high": 3}}})
BEST = {"learning_rate": 1e-3, "optimizer": "adam", "batch_size": 32, "dropout": 0.35, "label_smoothing": 0.1,
        "weight_decay": 1e-4, "fc_layers": [256], "reduction_ratio": 8}


def test_every_engine_runs_once_per_seed():
    scores = compare_engines(
        "small", SMALL, lambda values: float(values["size"]), names=("random", "grid"), seeds=(1, 2), checkpoints=(2, 3)
    )
    assert [len(losses) for losses in (*scores.losses["random"], *scores.losses["grid"])] == [3, 3, 3, 3]
    assert scores.losses["grid"][0] == (0.0, 1.0, 2.0)


def test_search_ends_where_the_space_does():
    trials, seconds = run_engine("random", SMALL, lambda values: None, seed=0, count=9)
    assert sorted(trial.values["size"] for trial in trials) == [0, 1, 2, 3] and seconds > 0
    assert {(trial.state, trial.loss) for trial in trials} == {("failed", None)}


def test_best_loss_leaves_out_failed_trials():
    scores = EngineScores("case", {"a": ((None, 3.0, 1.0), (None, None, 2.0))}, {"a": 3.0}, (2, 3))
    assert (scores.best_after("a", 2), scores.best_after("a", 3)) == ([3.0, math.inf], [1.0, 2.0])
    assert scores.seconds_per_suggestion("a") == 0.5


def test_engine_without_any_loss_has_null_in_json():
    best = EngineScores("case", {"a": ((None,), (1.0,))}, {"a": 3.0}, (1,)).to_json()["engines"][0]["best"]
    assert best == [{"trials": 1, "mean": None, "seeds": [None, 1.0]}]


def test_imagined_training_is_best_in_its_middle_and_diverges_at_high_rates():
    assert SPACE.contains(BEST) and imagined_loss(BEST) == pytest.approx(1.0)
    assert imagined_loss({**BEST, "learning_rate": 3e-4}) > 1.05
    assert imagined_loss({**BEST, "learning_rate": 1e-2}) > 3
    assert imagined_loss({**BEST, "learning_rate": 1e-1}) is None
