"""Hyperband's brackets, rebuilt from the record for every suggestion."""

from collections import Counter
from dataclasses import replace

import pytest

from search.registry import create_engine
from search.trial import NoSuggestion
from tests.search.engines.imagined_search import MIXED, SMALL, search, trial_of

pytestmark = pytest.mark.slow

SWEEP = {  # bracket, round, epochs: number of trials, for 9 epochs
    (2, 0, 1): 9, (2, 1, 3): 3, (2, 2, 9): 1,
    (1, 0, 3): 5, (1, 1, 9): 2,
    (0, 0, 9): 3,
}
DEFAULT = {"rate": 1e-3, "fixed": 3, "optimizer": None, "layers": [], "only": [1, True], "ratio": 2}


@pytest.fixture(scope="module")
def engine():
    engine = create_engine("keras-tuner:hyperband", epochs=9)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def sweep(engine):
    return search(engine, MIXED, 99)


def places(trials) -> Counter:
    suggestions = [trial.suggestion for trial in trials]
    return Counter((suggestion.note["bracket"], suggestion.note["round"], suggestion.epochs) for suggestion in suggestions)


def test_one_sweep_over_all_brackets(sweep):
    assert places(sweep) == SWEEP


def test_best_of_a_round_go_on_with_their_values(sweep):
    first = sorted((trial for trial in sweep[:9]), key=lambda trial: trial.loss)
    second = [trial for trial in sweep if trial.suggestion.note == {"bracket": 2, "round": 1}]
    assert [trial.suggestion.continues for trial in second] == [trial.number for trial in first[:3]]
    assert all(trial.values == sweep[trial.suggestion.continues].values for trial in second)


def test_full_brackets_with_a_running_trial_wait(engine, sweep):
    running = [*sweep[:-1], replace(sweep[-1], state="running", loss=None)]
    assert engine.suggest(MIXED, running, seed=0) is NoSuggestion.WAIT
    assert engine.suggest(MIXED, sweep, seed=0) is NoSuggestion.EXHAUSTED


def test_next_bracket_starts_while_a_round_is_running(engine, sweep):
    running = [replace(trial, state="running", loss=None) for trial in sweep[:9]]
    assert engine.suggest(MIXED, running, seed=0).note == {"bracket": 1, "round": 0}


def test_older_bracket_goes_on_beside_a_newer_one(engine, sweep):
    begun = [replace(trial, state="running", loss=None) for trial in sweep[:9]]
    newer = replace(sweep[13], number=9, state="running", loss=None)
    assert newer.suggestion.note == {"bracket": 1, "round": 0}
    full = search(engine, MIXED, 14, trials=[*begun, newer], endings=("running",))
    ended = [*sweep[:9], *full[9:]]
    assert engine.suggest(MIXED, ended, seed=0).note == {"bracket": 2, "round": 1}


def test_lost_trials_never_go_on_and_cost_no_promotion(engine):
    trials = search(engine, MIXED, 99, endings=("completed", "failed", "completed", "pruned"))
    going_on = [trials[trial.suggestion.continues].state for trial in trials if trial.suggestion.continues is not None]
    assert set(going_on) == {"completed"}
    assert places(trials)[2, 1, 3] == 3


def test_default_configuration_stands_outside_the_brackets(engine):
    trials = search(engine, MIXED, 99, trials=[replace(trial_of(DEFAULT), loss=-9.0)])
    assert places(trials[1:]) == SWEEP
    assert all(trial.suggestion.continues != 0 for trial in trials)


def test_configurations_of_a_small_space_are_halved_and_trained_to_the_end(engine):
    trials = search(engine, SMALL, 99, loss=lambda values: values.get("extra", 9))
    assert places(trials) == {(2, 0, 1): 4, (2, 1, 3): 3, (2, 2, 9): 1}
    assert trials[-1].values == {"size": 2, "extra": 0}
