"""Every combination in turn."""

import math
from collections.abc import Sequence

from search.engine import SearchEngine
from search.engines.combinations import combinations
from search.engines.record import trials_inside
from search.engines.untried import values_key
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial

STEPS = 5


def most_points(space: Space) -> int:
    """Return how many points the grid has; fewer where some do not count beside others."""
    return math.prod(len(dimension.grid(STEPS)) for dimension in space.dimensions.values())


class GridSearch(SearchEngine):
    """Walks over a grid in a fixed order: all choices, and five values of each range from end to end (all where fewer).

    The last dimension changes fastest. Only small spaces make sense: twelve ranges have 5¹² points.
    """

    def suggest(self, space: Space, trials: Sequence[Trial], *, seed: int) -> Suggestion | NoSuggestion:
        """Return the first point of the grid that no trial has had; there is no chance in it."""
        tried = {values_key(trial.values) for trial in trials_inside(space, trials)}
        for values in combinations(space, steps=STEPS):
            if values_key(values) not in tried:
                return Suggestion(values)
        return NoSuggestion.EXHAUSTED
