"""No configuration twice."""

import pytest

from search.engines.untried import is_exhausted, suggest_untried
from search.space import Space
from search.trial import NoSuggestion, Suggestion
from tests.search.engines.imagined_search import SMALL, trial_of

ALL = [{"size": 1}, {"size": 2, "extra": 0}, {"size": 2, "extra": 1}, {"size": 2, "extra": 2}]


def test_proposal_that_is_new_is_kept():
    assert suggest_untried(SMALL, [trial_of(ALL[0])], lambda inside: ALL[2], seed=0) == Suggestion(ALL[2])


@pytest.mark.parametrize("left", range(4))
def test_repeated_proposal_gives_way_to_what_is_left(left):
    tried = [trial_of(values) for place, values in enumerate(ALL) if place != left]
    assert suggest_untried(SMALL, tried, lambda inside: ALL[left - 1], seed=0) == Suggestion(ALL[left])


def test_exhausted_space_is_not_asked_about():
    tried = [trial_of(values) for values in ALL]
    assert suggest_untried(SMALL, tried, lambda inside: pytest.fail("was asked"), seed=0) is NoSuggestion.EXHAUSTED


def test_last_of_many_is_found_where_draws_hardly_find_it():
    space = Space.model_validate({"dimensions": {"a": {"kind": "int", "low": 1, "high": 3000, "log": True}}})
    tried = [trial_of({"a": value}) for value in range(1, 3001) if value != 2990]
    assert suggest_untried(space, tried, lambda inside: {"a": 1}, seed=0) == Suggestion({"a": 2990})


def test_space_with_a_condition_on_real_numbers_is_endless():
    dimensions = {
        "kind": {"kind": "categorical", "choices": ["x", "y"]},
        "rate": {"kind": "float", "low": 0.0, "high": 1.0, "when": {"kind": ["y"]}},
    }
    space = Space.model_validate({"dimensions": dimensions})
    assert not is_exhausted(space, [trial_of({"kind": "x"}), trial_of({"kind": "y", "rate": 0.0})])
