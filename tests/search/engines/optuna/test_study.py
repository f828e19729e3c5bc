"""Trials as Optuna records them."""

import pytest
from optuna.trial import TrialState

from search.engines.optuna.study import distribution_of, from_parameter, frozen_trial, to_parameter
from search.registry import create_engine
from search.trial import Suggestion, Trial
from tests.search.engines.imagined_search import MIXED, search

VALUES = {"rate": 1e-3, "fixed": 3, "optimizer": None, "layers": [64], "only": [1, True], "ratio": 4}


def frozen(state: str, **known):
    return frozen_trial(MIXED, Trial(0, Suggestion(VALUES), state, **known))


def test_completed_trial_has_its_loss():
    trial = frozen("completed", value=0.5, loss=0.5, losses=(0.7, 0.5), best_epoch=2)
    assert (trial.state, trial.value, trial.params["rate"]) == (TrialState.COMPLETE, 0.5, 1e-3)


def test_pruned_trial_has_the_loss_of_each_epoch():
    trial = frozen("pruned", value=0.5, loss=0.5, losses=(0.7, 0.5), best_epoch=2)
    assert (trial.state, trial.intermediate_values) == (TrialState.PRUNED, {1: 0.7, 2: 0.5})


@pytest.mark.parametrize("state", ["failed", "infeasible"])
def test_trial_without_a_loss_is_pruned_before_its_first_epoch(state):
    trial = frozen(state)
    assert (trial.state, trial.intermediate_values) == (TrialState.PRUNED, {})


def test_running_trial_stays_running():
    assert frozen("running", loss=0.5, losses=(0.5,)).state is TrialState.RUNNING


@pytest.mark.parametrize("name", ["optimizer", "layers", "only", "rate", "ratio"])
def test_parameters_give_back_their_values(name):
    dimension = MIXED.dimensions[name]
    parameter = to_parameter(dimension, VALUES[name])
    assert distribution_of(dimension).to_external_repr(distribution_of(dimension).to_internal_repr(parameter)) == parameter
    assert from_parameter(dimension, parameter) == VALUES[name]


def test_sequence_depends_on_the_number_of_trials_alone():
    engine = create_engine("optuna:qmc", epochs=1)
    one = search(engine, MIXED, 9)
    other = search(engine, MIXED, 9, loss=lambda values: -values["rate"], endings=("failed", "completed"))
    assert [trial.values for trial in one] == [trial.values for trial in other]
