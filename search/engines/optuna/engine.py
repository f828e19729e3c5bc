"""Suggestions of Optuna's samplers."""

import warnings
from collections.abc import Sequence
from typing import Any

import optuna
from optuna.samplers import BaseSampler, QMCSampler, RandomSampler, TPESampler

from car_classifier.base.seeds import derive_seed
from search.dimensions.categorical import Categorical
from search.dimensions.dimension import Dimension
from search.dimensions.float_range import FloatRange
from search.engine import SearchEngine
from search.engines.optuna.study import create_study, distribution_of, from_parameter, frozen_trial
from search.engines.untried import suggest_untried
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial

SEEDS = 2**32  # NumPy's old generators take no larger ones


class OptunaEngine(SearchEngine):
    """Tree-structured Parzen estimator (tpe), chance (random) or a scrambled Sobol sequence (qmc).

    A study in memory is made anew from the record for every suggestion. TPE draws the first ten trials by chance, takes
    dimensions without a condition together and the others one by one, and holds running trials for bad ones.
    """

    variants = ("tpe", "random", "qmc")

    def suggest(self, space: Space, trials: Sequence[Trial], *, seed: int) -> Suggestion | NoSuggestion:
        """Return what the sampler draws."""
        number = len(trials)
        step_seed = derive_seed(seed, "optuna", self.variant, number)

        def propose(inside: list[Trial]) -> dict[str, Any]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # experimental features and the like: nothing that a user could mend
                if self.variant == "qmc":
                    return _point_of_sequence(space, number, seed=derive_seed(seed, "optuna", "qmc") % SEEDS)
                sampler = TPESampler if self.variant == "tpe" else RandomSampler
                return _sampled(space, inside, sampler(seed=step_seed % SEEDS))

        return suggest_untried(space, trials, propose, seed=step_seed)


def _sampled(space: Space, inside: list[Trial], sampler: BaseSampler) -> dict[str, Any]:
    study = create_study(sampler)
    study.add_trials([frozen_trial(space, trial) for trial in inside])
    asked, values = study.ask(), {}
    for name, dimension in space.dimensions.items():
        if space.is_active(name, values):
            values[name] = _draw(asked, name, dimension)
    return values


def _draw(asked: optuna.Trial, name: str, dimension: Dimension) -> Any:
    if isinstance(dimension, Categorical):
        return from_parameter(dimension, asked.suggest_categorical(name, distribution_of(dimension).choices))
    draw = asked.suggest_float if isinstance(dimension, FloatRange) else asked.suggest_int
    return draw(name, dimension.low, dimension.high, log=dimension.log)


def _point_of_sequence(space: Space, number: int, *, seed: int) -> dict[str, Any]:
    """Return point `number` of the sequence over all dimensions.

    The sampler counts its points in the study, so a new study is asked for all points up to this one (1.4 ms each). It takes
    its dimensions from the first trial that has finished, hence one that is not ours.
    """
    distributions = {name: distribution_of(dimension) for name, dimension in space.dimensions.items()}
    study = create_study(QMCSampler(scramble=True, seed=seed))
    study.tell(study.ask(distributions), 0.0)
    for _ in range(number + 1):
        asked = study.ask(distributions)
    return space.active({name: from_parameter(space.dimensions[name], asked.params[name]) for name in space.dimensions})
