"""Suggestions that were not tried before."""

import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import numpy as np

from search.engines.combinations import combinations
from search.engines.record import trials_inside
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial

Propose = Callable[[list[Trial]], dict[str, Any]]
DRAWS = 100
STEPS = 10_000  # more values of one dimension than a search has trials


def suggest_untried(space: Space, trials: Sequence[Trial], propose: Propose, *, seed: int) -> Suggestion | NoSuggestion:
    """Return a suggestion that no trial has had, or that none is left.

    Args:
        propose: from the trials inside the space to values; where these were tried before, a chance draw takes their place.
        seed: of the chance draw.
    """
    inside = trials_inside(space, trials)
    if is_exhausted(space, inside):
        return NoSuggestion.EXHAUSTED
    return Suggestion(untried_values(space, inside, propose(inside), seed=seed))


def is_exhausted(space: Space, inside: Sequence[Trial]) -> bool:
    """Say whether the trials, all inside the space, have had every combination."""
    tried = _keys(inside)
    always = [dimension.num_values for dimension in space.dimensions.values() if not dimension.when]
    if any(count is None or count > len(tried) for count in always):
        return False  # the usual case, without listing anything
    first = islice(combinations(space, steps=STEPS), len(tried) + 1)
    return all(values_key(values) in tried for values in first)


def untried_values(space: Space, inside: Sequence[Trial], proposed: dict[str, Any], *, seed: int) -> dict[str, Any]:
    """Return `proposed`, or other values where a trial has had these; the space must not be exhausted."""
    tried = _keys(inside)
    generator = np.random.default_rng(seed)
    for _ in range(DRAWS):
        if values_key(proposed) not in tried:
            return proposed
        proposed = space.sample(generator)
    return next(values for values in combinations(space, steps=STEPS) if values_key(values) not in tried)


def _keys(trials: Sequence[Trial]) -> set[str]:
    return {values_key(trial.values) for trial in trials}


def values_key(values: dict[str, Any]) -> str:
    """Return a text that equal configurations share; values may be lists, which no set holds."""
    return json.dumps(values, sort_keys=True)
