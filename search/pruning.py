"""When a trial is cut off: rules that see nothing but the record, so that a resumed search decides as the uninterrupted one.

A trial is compared with earlier ones (those of lower number that have finished), by the best loss up to the same epoch: a
trial counts for its best epoch. Epochs of a head that is trained first are left out: how many they are differs from trial to
trial. Trials whose epochs an engine has set are left to that engine.
"""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Literal

from search.trial import Trial

REDUCTION = 3  # successive halving: one in so many goes on

Losses = Sequence[float | None]
Rule = Callable[[Losses, Sequence[Trial], int, int], str | None]


def reason_to_prune(
    rule: Literal["median", "halving", "none"],
    trial: Trial,
    earlier: Sequence[Trial],
    *,
    warmup_epochs: int,
    startup_trials: int,
    most_epochs: int,
) -> str | None:
    """Say why a trial should stop after the epoch that it has just finished; after its last there is nothing to cut off.

    Args:
        rule: "median" (worse than the median), "halving" (not among the best third at one of few epochs) or "none".
        trial: under way, with its losses so far.
        earlier: finished trials that started before it.
        warmup_epochs: in which no trial is cut off.
        startup_trials: fewest earlier trials to compare with.
        most_epochs: of a trial.

    Returns:
        The reason in words; None where it should go on.
    """
    if trial.suggestion.epochs is not None or not warmup_epochs < len(trial.main_losses) < most_epochs:
        return None
    return RULES[rule](trial.main_losses, earlier, warmup_epochs, startup_trials)


def median_rule(losses: Losses, earlier: Sequence[Trial], warmup_epochs: int, startup_trials: int) -> str | None:
    """Stop a trial whose best loss is worse than the median of the completed trials at this epoch (Golovin et al. 2017)."""
    epoch = len(losses)
    others = [_best(trial.main_losses[:epoch]) for trial in earlier if trial.state == "completed"]
    if len(others) < startup_trials:
        return None
    median = statistics.median(others)
    if _best(losses) <= median:
        return None
    return f"epoch {epoch}: worse than the median of {len(others)} completed trials"


def halving_rule(losses: Losses, earlier: Sequence[Trial], warmup_epochs: int, startup_trials: int) -> str | None:
    """Stop a trial that is not among the best third after 1, 3, 9, … epochs past the warm-up.

    This is asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning") for
    trials that cannot pause: who is not promoted when its turn comes is cut off.
    """
    epoch = len(losses)
    if not _is_rung(epoch - warmup_epochs):
        return None
    comparable = [trial for trial in earlier if trial.state == "completed" or _was_cut_later(trial, epoch)]
    others = [_best(trial.main_losses[:epoch]) for trial in comparable]
    if len(others) < startup_trials:
        return None
    better = sum(other < _best(losses) for other in others)
    places = max(1, (len(others) + 1) // REDUCTION)
    if better < places:
        return None
    return f"epoch {epoch}: not among the best {places} of {len(others) + 1} trials"


def no_rule(losses: Losses, earlier: Sequence[Trial], warmup_epochs: int, startup_trials: int) -> str | None:
    """Stop no trial."""
    return None


RULES: dict[str, Rule] = {"median": median_rule, "halving": halving_rule, "none": no_rule}


def _best(losses: Losses) -> float:
    return min((loss for loss in losses if loss is not None), default=math.inf)


def _was_cut_later(trial: Trial, epoch: int) -> bool:
    """Say whether a pruned trial has reached `epoch`."""
    return trial.state == "pruned" and len(trial.main_losses) >= epoch


def _is_rung(epochs: int) -> bool:
    while epochs > 1 and epochs % REDUCTION == 0:
        epochs //= REDUCTION
    return epochs == 1
