"""What the record of trials says about a space."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from search.space import Space
from search.trial import Trial

TAIL = 3  # losses are told up to this many times the distance from the best to the median above the median


def trials_inside(space: Space, trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials whose values lie inside the space, without values of dimensions that are not active.

    A trial outside is left out, not moved to the nearest point inside: what it has shown is not true there. But 0, by which a
    default configuration switches something off and which no logarithmic range can hold, counts as the range's low end.
    """
    reduced = (replace(trial, suggestion=replace(trial.suggestion, values=_values_inside(space, trial))) for trial in trials)
    return [trial for trial in reduced if space.contains(trial.values)]


def _values_inside(space: Space, trial: Trial) -> dict[str, Any]:
    values = space.active(trial.values)
    low_ends = {name: space.dimensions[name].low for name in values if getattr(space.dimensions[name], "log", False)}
    return {name: low_ends[name] if name in low_ends and value == 0 else value for name, value in values.items()}


def told_losses(trials: Sequence[Trial]) -> list[float]:
    """Return a number for each trial, for libraries that can bear nothing else.

    Losses far above the rest, as of trainings that nearly diverged, are cut down: a Gaussian process scales by the spread of
    all losses, and beside one of 1e6 it would see no difference between the good ones. A trial that has ended without a loss
    counts as bad as the worst, so that the library leaves its surroundings. A running one counts as the mean of the finished
    ones (the "constant liar"), so that its surroundings are neither sought nor left.
    """
    known = [trial.loss for trial in trials if _has_final_loss(trial)]
    if not known:
        return [0.0] * len(trials)
    highest = _highest_told(known)
    cut = [min(loss, highest) for loss in known]
    mean = sum(cut) / len(cut)
    return [
        min(trial.loss, highest) if _has_final_loss(trial) else max(cut) if trial.is_finished else mean for trial in trials
    ]


def _has_final_loss(trial: Trial) -> bool:
    return trial.is_finished and trial.loss is not None


def _highest_told(losses: list[float]) -> float:
    middle = median(losses)
    spread = middle - min(losses)
    return middle + TAIL * spread if spread > 0 else max(losses)
