"""Spaces, and trials that nobody trains."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import cycle
from typing import Any

from car_classifier.base.registry import resolve
from search.engine import SearchEngine
from search.registry import ENGINES
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial

NAMES = [
    ":".join(filter(None, (name, variant)))
    for name in ENGINES
    for variant in (resolve("engine", name, ENGINES).variants or ("",))
]
EPOCHS = 9  # Hyperband: 23 trials in three brackets

MIXED = Space.model_validate({"dimensions": {
    "rate": {"kind": "float", "low": 1e-5, "high": 1e-1, "log": True},
    "fixed": {"kind": "int", "low": 3, "high": 3},
    "optimizer": {"kind": "categorical", "choices": ["adam", "sgd", None]},
    "momentum": {"kind": "float", "low": 0.0, "high": 0.99, "when": {"optimizer": ["sgd"]}},
    "layers": {"kind": "categorical", "choices": [[], [64], [128, 64]]},
    "only": {"kind": "categorical", "choices": [[1, True]]},
    "ratio": {"kind": "int", "low": 2, "high": 32, "log": True},
    "tied": {"kind": "float", "low": 0.5, "high": 0.5, "when": {"optimizer": ["adam", "sgd"]}},
}})
SMALL = Space.model_validate({"dimensions": {
    "size": {"kind": "categorical", "choices": [1, 2]},
    "extra": {"kind": "int", "low": 0, "high": 2, "when": {"size": [2]}},
}})
NUM_SMALL = 4


def loss_of(values: dict[str, Any]) -> float:
    """Return an imagined loss of values of MIXED."""
    return abs(values["rate"] - 1e-3) + 0.01 * values["ratio"] + 0.1 * len(values["layers"])


def search(
    engine: SearchEngine, space: Space, count: int, *, seed: int = 0, trials: Iterable[Trial] = (),
    endings: tuple[str, ...] = (), loss: Callable[[dict[str, Any]], float] = loss_of,
) -> list[Trial]:
    """Ask until there are `count` trials or no suggestion; each ends at once, in turn as `endings` say (else completed)."""
    trials, states = list(trials), cycle(endings or ("completed",))
    while len(trials) < count:
        suggestion = engine.suggest(space, trials, seed=seed)
        if isinstance(suggestion, NoSuggestion):
            break
        trials.append(ended(Trial(len(trials), suggestion), next(states), loss(suggestion.values)))
    return trials


def ended(trial: Trial, state: str, loss: float) -> Trial:
    """Return the trial with that ending."""
    has_loss = state in ("completed", "pruned")
    figures = {"value": loss, "loss": loss, "losses": (loss + 1, loss), "best_epoch": 2} if has_loss else {}
    return replace(trial, state=state, **figures)


def trial_of(values: dict[str, Any], *, number: int = 0) -> Trial:
    """Return a completed trial that no engine suggested."""
    return ended(Trial(number, Suggestion(values)), "completed", 1.0)
