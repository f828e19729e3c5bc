"""The order of the grid."""

from search.engines.grid_search import most_points
from search.registry import create_engine
from search.space import Space
from tests.search.engines.imagined_search import SMALL, search, trial_of


def test_last_dimension_changes_fastest():
    trials = search(create_engine("grid", epochs=1), SMALL, 9, loss=lambda values: 0.0)
    assert [trial.values for trial in trials] == [{"size": 1}, *({"size": 2, "extra": extra} for extra in (0, 1, 2))]


def test_ranges_are_cut_into_five():
    space = Space.model_validate({"dimensions": {"rate": {"kind": "float", "low": 1e-4, "high": 1.0, "log": True}}})
    trials = search(create_engine("grid", epochs=1), space, 9, loss=lambda values: 0.0)
    assert [round(trial.values["rate"], 9) for trial in trials] == [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
    assert most_points(space) == 5


def test_points_tried_out_of_turn_are_left_out():
    tried = [trial_of({"size": 2, "extra": 0}), trial_of({"size": 1})]
    assert create_engine("grid", epochs=1).suggest(SMALL, tried, seed=0).values == {"size": 2, "extra": 1}
