"""The engines of a search on the same objective, beside chance."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from car_classifier.benchmarks.engine_scores import EngineScores
from car_classifier.benchmarks.imagined_training import SPACE, imagined_loss
from car_classifier.benchmarks.request import BenchmarkRequest
from search.registry import create_engine
from search.space import Space
from search.trial import NoSuggestion, Trial

Objective = Callable[[dict[str, Any]], float | None]

ENGINES = ("random", "optuna:qmc", "optuna:tpe", "skopt:gp", "skopt:rf", "skopt:et", "keras-tuner:bayesian")
CHECKPOINTS = (10, 20, 30)


def benchmark_engines(request: BenchmarkRequest) -> Iterator[EngineScores]:
    """Let every engine search an imagined training, with one seed per round.

    Hyperband and the grid are left out: the one spends epochs, which are not imagined, and the other would not get beyond
    the last dimensions.
    """
    seeds = range(request.config.seed, request.config.seed + request.rounds)
    yield compare_engines("imagined training", SPACE, imagined_loss, names=ENGINES, seeds=seeds)


def compare_engines(
    case: str, space: Space, objective: Objective, *, names: Iterable[str], seeds: Iterable[int],
    checkpoints: tuple[int, ...] = CHECKPOINTS,
) -> EngineScores:
    """Run every engine with every seed, one trial after the other.

    Args:
        case: what the objective is, in words.
        objective: from values to a loss that shall be small; None: the trial failed. A look-up in recorded trials will do.
        names: of the engines.
        seeds: one search each.
        checkpoints: as in EngineScores; the last is the number of trials.
    """
    losses, seconds, seeds = {}, {}, list(seeds)
    for name in names:
        runs = [run_engine(name, space, objective, seed=seed, count=checkpoints[-1]) for seed in seeds]
        losses[name] = tuple(tuple(trial.loss for trial in trials) for trials, _ in runs)
        seconds[name] = sum(spent for _, spent in runs)
    return EngineScores(case, losses, seconds, checkpoints)


def run_engine(name: str, space: Space, objective: Objective, *, seed: int, count: int) -> tuple[list[Trial], float]:
    """Return at most `count` trials of one search, fewer in a space that is exhausted, and the seconds of all suggestions."""
    engine, trials, seconds = create_engine(name, epochs=1), [], 0.0
    try:
        while len(trials) < count:
            start = time.perf_counter()
            suggestion = engine.suggest(space, trials, seed=seed)
            seconds += time.perf_counter() - start
            if isinstance(suggestion, NoSuggestion):
                break
            loss = objective(suggestion.values)
            figures = {"value": loss, "loss": loss, "best_epoch": None if loss is None else 1}
            trials.append(Trial(len(trials), suggestion, "failed" if loss is None else "completed", **figures))
    finally:
        engine.close()
    return trials, seconds
