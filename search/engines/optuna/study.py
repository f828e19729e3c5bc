"""The record of trials as an Optuna study."""

import json
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial, TrialState

from search.dimensions.categorical import Categorical
from search.dimensions.dimension import Dimension
from search.dimensions.float_range import FloatRange
from search.space import Space
from search.trial import Trial


def create_study(sampler: BaseSampler) -> optuna.Study:
    """Return an empty study in memory that minimises and tells nothing to the log."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study(sampler=sampler)


def distribution_of(dimension: Dimension) -> BaseDistribution:
    """Return Optuna's description of a dimension; choices are JSON texts, since lists are no choices there."""
    if isinstance(dimension, Categorical):
        return CategoricalDistribution([json.dumps(choice) for choice in dimension.choices])
    kind = FloatDistribution if isinstance(dimension, FloatRange) else IntDistribution
    return kind(dimension.low, dimension.high, log=dimension.log)


def to_parameter(dimension: Dimension, value: Any) -> Any:
    """Return a value as Optuna holds it."""
    return json.dumps(value) if isinstance(dimension, Categorical) else value


def from_parameter(dimension: Dimension, parameter: Any) -> Any:
    """Return the value that Optuna holds as `parameter`."""
    return json.loads(parameter) if isinstance(dimension, Categorical) else parameter


def finite_losses(trial: Trial) -> dict[int, float]:
    """Return the loss of each epoch, counted from 1, that had one; Optuna cannot bear None."""
    return {epoch: loss for epoch, loss in enumerate(trial.losses, start=1) if loss is not None}


def frozen_trial(space: Space, trial: Trial) -> FrozenTrial:
    """Return a trial, whose values lie inside the space, as Optuna records it.

    Optuna's samplers leave out failed trials, as if nothing had been learned. A trial without a loss is therefore one that
    was pruned before its first epoch: the worst there is.
    """
    dimensions = {name: space.dimensions[name] for name in trial.values}
    state = {"running": TrialState.RUNNING, "completed": TrialState.COMPLETE}.get(trial.state, TrialState.PRUNED)
    return optuna.trial.create_trial(
        state=state,
        value=trial.loss if state is TrialState.COMPLETE else None,
        params={name: to_parameter(dimension, trial.values[name]) for name, dimension in dimensions.items()},
        distributions={name: distribution_of(dimension) for name, dimension in dimensions.items()},
        intermediate_values=finite_losses(trial) if trial.state == "pruned" else None,
    )
