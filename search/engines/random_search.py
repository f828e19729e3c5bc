"""Chance alone."""

from collections.abc import Sequence

import numpy as np

from car_classifier.base.seeds import derive_seed
from search.engine import SearchEngine
from search.engines.untried import suggest_untried
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial


class RandomSearch(SearchEngine):
    """Draws every dimension on its own; what the others are measured against."""

    def suggest(self, space: Space, trials: Sequence[Trial], *, seed: int) -> Suggestion | NoSuggestion:
        """Return a draw that depends on the seed and the number of trials, until every combination was tried."""
        seed = derive_seed(seed, "random", len(trials))
        return suggest_untried(space, trials, lambda inside: space.sample(np.random.default_rng(seed)), seed=seed)
