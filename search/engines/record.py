"""What the record of trials says about a space."""

from collections.abc import Sequence
from dataclasses import replace

from search.space import Space
from search.trial import Trial


def trials_inside(space: Space, trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials whose values lie inside the space, without values of dimensions that are not active.

    A trial outside is left out, not moved to the nearest point inside: what it has shown is not true there.
    """
    reduced = (replace(trial, suggestion=replace(trial.suggestion, values=space.active(trial.values))) for trial in trials)
    return [trial for trial in reduced if space.contains(trial.values)]


def told_losses(trials: Sequence[Trial]) -> list[float]:
    """Return a number for each trial, for libraries that can bear nothing else.

    A trial that has ended without a loss counts as bad as the worst, so that the library leaves its surroundings. A running
    one counts as the mean of the finished ones (the "constant liar"), so that its surroundings are neither sought nor left.
    """
    known = [trial.loss for trial in trials if trial.is_finished and trial.loss is not None]
    if not known:
        return [0.0] * len(trials)
    mean, worst = sum(known) / len(known), max(known)
    lost = {True: worst, False: mean}
    return [trial.loss if trial.is_finished and trial.loss is not None else lost[trial.is_finished] for trial in trials]
