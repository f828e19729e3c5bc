"""Requests in the terms of KerasTuner; imported in the helper process alone, since the library imports TensorFlow."""

from typing import Any

import keras_tuner
from keras_tuner.engine.trial import Trial as OracleTrial
from keras_tuner.oracles import BayesianOptimizationOracle, RandomSearchOracle

OBJECTIVE = keras_tuner.Objective("loss", "min")
RANDOM_TRIALS = 10  # before the Gaussian process has a say; the library's own three per dimension would be most of a search
NEXT = "next"  # id of the trial that is asked for


def ask_random(request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of the random oracle to a request with `seed` and `dimensions`."""
    return RandomSearchOracle(OBJECTIVE, seed=request["seed"], hyperparameters=space_of(request)).populate_space(NEXT)


def ask_bayesian(request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of the Bayesian oracle to a request with `seed`, `dimensions` and `trials` (`values`, `loss`)."""
    oracle = BayesianOptimizationOracle(
        OBJECTIVE, seed=request["seed"], hyperparameters=space_of(request), num_initial_points=RANDOM_TRIALS,
    )
    for trial in request["trials"]:
        oracle.trials[trial["id"]] = oracle_trial(oracle, trial, status="COMPLETED", score=trial["loss"])
    return oracle.populate_space(NEXT)


def space_of(request: dict[str, Any]) -> keras_tuner.HyperParameters:
    """Return the `dimensions` of a request: name to `kind` (Float, Int or Choice) and its arguments."""
    space = keras_tuner.HyperParameters()
    for name, dimension in request["dimensions"].items():
        make = {"float": space.Float, "int": space.Int, "choice": space.Choice}[dimension["kind"]]
        make(name, **{key: value for key, value in dimension.items() if key != "kind"})
    return space


def oracle_trial(oracle: keras_tuner.Oracle, trial: dict[str, Any], *, status: str, score: float | None) -> OracleTrial:
    """Return a trial of a request as the oracle keeps it."""
    space = oracle.get_space()
    space.values = trial["values"]
    told = OracleTrial(space, trial_id=trial["id"], status=status)
    told.score = score
    return told
