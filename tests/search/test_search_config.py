"""Settings of a search."""

import pytest
from pydantic import ValidationError

from search.config import DEFAULT_TRIALS, SearchConfig


@pytest.mark.parametrize(
    ("settings", "most"), [({}, DEFAULT_TRIALS), ({"trials": 7}, 7), ({"hours": 2}, None), ({"hours": 2, "trials": 7}, 7)]
)
def test_a_search_ends_after_some_trials_unless_only_hours_are_given(settings, most):
    assert SearchConfig(**settings).most_trials == most


@pytest.mark.parametrize("settings", [{"trials": 0}, {"hours": 0}, {"workers": 0}, {"pruner": "hope"}, {"executor": "abacus"}])
def test_nonsense_is_refused(settings):
    with pytest.raises(ValidationError):
        SearchConfig(**settings)


def test_losses_are_small_when_the_figure_is_good():
    assert SearchConfig(direction="maximize").loss(0.9) < SearchConfig(direction="maximize").loss(0.8)
    assert SearchConfig(direction="minimize").loss(0.9) > SearchConfig(direction="minimize").loss(0.8)
