"""scikit-optimize: a surrogate of the loss, and the point that it expects most of."""

import warnings
from collections.abc import Sequence
from typing import Any

from skopt import Optimizer
from skopt.space import Categorical as ChoiceDimension
from skopt.space import Dimension as SkoptDimension
from skopt.space import Integer, Real
from threadpoolctl import threadpool_limits

from car_classifier.base.seeds import derive_seed
from search.dimensions.categorical import Categorical
from search.dimensions.dimension import Dimension
from search.dimensions.float_range import FloatRange
from search.engine import SearchEngine
from search.engines.flat_space import FlatSpace
from search.engines.record import told_losses
from search.engines.untried import suggest_untried
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial

RANDOM_TRIALS = 10  # before the surrogate has a say


class SkoptEngine(SearchEngine):
    """A Gaussian process (gp), random forest (rf) or extra trees (et), and expected improvement.

    The optimizer is made anew for every suggestion and told the whole record at once. Hence expected improvement and not the
    library's usual mixture of three criteria, which weighs them by its own former proposals. Dimensions that are not active
    rest in their middle.
    """

    variants = ("gp", "rf", "et")

    def suggest(self, space: Space, trials: Sequence[Trial], *, seed: int) -> Suggestion | NoSuggestion:
        """Return a draw for the first ten trials, then what the surrogate expects most of."""
        seed = derive_seed(seed, "skopt", self.variant, len(trials))
        return suggest_untried(space, trials, lambda inside: self._propose(space, inside, seed=seed), seed=seed)

    def _propose(self, space: Space, inside: list[Trial], *, seed: int) -> dict[str, Any]:
        flat = FlatSpace(space)
        if not flat.dimensions:
            return flat.to_values({})
        with warnings.catch_warnings(), threadpool_limits(1):  # small matrices: with more threads six times slower
            warnings.simplefilter("ignore")  # of points met twice and of kernels that fit badly: nothing that a user could mend
            optimizer = Optimizer(
                [_skopt_dimension(dimension) for dimension in flat.dimensions.values()],
                base_estimator=self.variant.upper(), n_initial_points=RANDOM_TRIALS, acq_func="EI", random_state=seed % 2**32,
            )
            if inside:
                optimizer.tell([list(flat.to_row(trial.values).values()) for trial in inside], told_losses(inside))
            return flat.to_values(dict(zip(flat.dimensions, optimizer.ask(), strict=True)))


def _skopt_dimension(dimension: Dimension) -> SkoptDimension:
    if isinstance(dimension, Categorical):
        return ChoiceDimension(range(len(dimension.choices)))
    kind = Real if isinstance(dimension, FloatRange) else Integer
    return kind(dimension.low, dimension.high, prior="log-uniform" if dimension.log else "uniform")
