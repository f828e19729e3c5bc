"""How much each hyper-parameter mattered in a search, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from results.search_dimension import SearchDimension
from results.search_record import SearchRecord

LEAST_TRIALS = 12  # with fewer a forest has nothing to learn from, and hardly a trial to be examined on
_LEAST_ACTIVE = 8  # trials in which a conditional dimension must have counted
_NUM_RESAMPLES = 40
_NUM_TREES = 40
_NUM_SHUFFLES = 5
_INTERVAL = (0.05, 0.95)


@dataclass(frozen=True)
class Importance:
    """How much worse the value of a trial is foretold without knowing one hyper-parameter.

    Args:
        name: dotted setting name.
        value: loss of R², the median over the resamples: 0 does not matter, 1 all that matters; None: it hardly varied.
        low, high: 90 % of the resamples lie between these; below 0 is chance.
        num_trials: in how many it counted.
    """

    name: str
    value: float | None
    low: float
    high: float
    num_trials: int


@dataclass(frozen=True)
class SearchImportance:
    """The importance of all hyper-parameters of one search.

    Args:
        rows: the most important first, those without a value last.
        explained: R² on trials that the forest has not seen, the median over the resamples; near 0 or below it, the rows
            mean nothing.
        num_trials: that had a value.
    """

    rows: tuple[Importance, ...]
    explained: float
    num_trials: int

    @property
    def names(self) -> list[str]:
        """The dimensions, the most important first."""
        return [row.name for row in self.rows]


def measure_importance(record: SearchRecord, *, seed: int) -> SearchImportance | None:
    """Fit random forests to the trials that have a value, and see how much they lose when one dimension is shuffled.

    Trials are resampled with replacement; each forest is examined on those that were not drawn, so that a dimension
    which only seems to explain the trials gets nothing. The forests foretell the rank of a trial, so that a few disasters
    do not hide what tells good from better. A choice counts as one dimension, however many values it has. Where a
    dimension did not count it is shuffled among the trials in which it did: the choice above it gets its own share.

    Args:
        record: the search.
        seed: of resamples and forests.

    Returns:
        None when fewer than LEAST_TRIALS trials have a value, or all values are equal.

    Reference: L. Breiman, Random Forests, Machine Learning 45, 2001, section 10; F. Hutter et al., An Efficient Approach
    for Assessing Hyperparameter Importance, ICML 2014, for the forest as a stand-in for the search space.
    """
    from scipy.stats import rankdata

    losses = [record.loss(trial.value) for trial in record.valued]
    if len(losses) < LEAST_TRIALS or min(losses) == max(losses):
        return None
    ranks = rankdata(losses) / len(losses)
    blocks = [_encode(dimension, record) for dimension in record.dimensions]
    drops, explained = zip(*_examine_forests(blocks, ranks, seed=seed))
    rows = [_row(dimension, block, column) for dimension, block, column in zip(record.dimensions, blocks, np.transpose(drops))]
    rows.sort(key=lambda row: (row.value is None, -(row.value or 0.0)))
    return SearchImportance(tuple(rows), float(np.median(explained)), len(losses))


@dataclass(frozen=True)
class _Block:
    """The columns of one dimension, [num_trials, num_columns], and in which trials it counted, [num_trials]."""

    columns: np.ndarray
    active: np.ndarray

    @property
    def is_examined(self) -> bool:
        used = self.columns[self.active]
        return len(used) >= _LEAST_ACTIVE and bool((used != used[0]).any())


def _encode(dimension: SearchDimension, record: SearchRecord) -> _Block:
    positions = [dimension.position_in(trial.values) for trial in record.valued]
    active = np.array([position is not None for position in positions])
    column = np.array([np.nan if position is None else position for position in positions])
    if dimension.kind == "categorical":
        middles = (np.arange(len(dimension.choices)) + 0.5) / len(dimension.choices)
        return _Block((column[:, None] == middles).astype(np.float32), active)
    # The median where it did not count: a value of its own would tell the forest the choice above.
    column[~active] = np.median(column[active]) if active.any() else 0.0
    return _Block(column[:, None].astype(np.float32), active)


def _examine_forests(blocks: list[_Block], ranks: np.ndarray, *, seed: int) -> Iterator[tuple[list[float], float]]:
    """Yield for each resample the loss of R² of every block, and R² itself."""
    from sklearn.ensemble import RandomForestRegressor

    columns = np.concatenate([block.columns for block in blocks], axis=1)
    ends = np.cumsum([block.columns.shape[1] for block in blocks])
    places = [slice(end - block.columns.shape[1], end) for block, end in zip(blocks, ends)]
    generator = np.random.default_rng(seed)
    for _ in range(_NUM_RESAMPLES):
        drawn = generator.integers(0, len(ranks), len(ranks))
        unseen = np.setdiff1d(np.arange(len(ranks)), drawn)
        forest = RandomForestRegressor(
            _NUM_TREES, max_features=0.6, min_samples_leaf=2, bootstrap=False, random_state=int(generator.integers(2**31))
        ).fit(columns[drawn], ranks[drawn])
        asked = [columns[unseen]]
        for block, place in zip(blocks, places):
            active = block.active[unseen]
            asked += [_shuffled(asked[0], place, active=active, generator=generator) for _ in range(_NUM_SHUFFLES)]
        answers = forest.predict(np.concatenate(asked)).reshape(len(asked), len(unseen))
        errors = ((answers - ranks[unseen]) ** 2).mean(axis=1) / ranks.var()
        yield list(errors[1:].reshape(len(blocks), _NUM_SHUFFLES).mean(axis=1) - errors[0]), 1 - errors[0]


def _shuffled(columns: np.ndarray, place: slice, *, active: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    shuffled, rows = columns.copy(), np.flatnonzero(active)
    shuffled[rows, place] = columns[generator.permutation(rows), place]
    return shuffled


def _row(dimension: SearchDimension, block: _Block, drops: np.ndarray) -> Importance:
    num_trials = int(block.active.sum())
    if not block.is_examined:
        return Importance(dimension.name, None, 0.0, 0.0, num_trials)
    low, high = np.quantile(drops, _INTERVAL)
    return Importance(dimension.name, float(np.median(drops)), float(low), float(high), num_trials)
