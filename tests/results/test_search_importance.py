"""What mattered in a search is found, and what the trials cannot tell is not said."""

from dataclasses import replace

import numpy as np
import pytest

from results.search_dimension import SearchDimension
from results.search_importance import LEAST_TRIALS, measure_importance
from results.search_record import SearchRecord
from results.search_trial import SearchTrial
from tests.results.synthetic_search import make_search


def make_record(values, losses, dimensions):
    trials = tuple(SearchTrial(number, "completed", value, loss) for number, (value, loss) in enumerate(zip(values, losses)))
    return SearchRecord("s", "m", "d", "random", 1, "val_loss", False, dimensions, trials)


def by_name(importance):
    return {row.name: row for row in importance.rows}


def test_the_dimensions_that_rule_the_value_come_first():
    importance = measure_importance(make_search(200), seed=3)
    assert set(importance.names[:3]) == {"training.learning_rate", "training.optimizer_type", "model.fc_layers"}
    assert importance.rows[0].low > 0.3
    assert importance.explained > 0.6


def test_chance_gets_no_importance():
    generator = np.random.default_rng(1)
    values = [{"a": float(x), "b": float(y)} for x, y in generator.random((60, 2))]
    dimensions = (SearchDimension("a", "float", high=1.0), SearchDimension("b", "float", high=1.0))
    importance = measure_importance(make_record(values, generator.random(60), dimensions), seed=1)
    assert importance.explained < 0.2
    assert all(row.low <= 0 for row in importance.rows)


def test_a_choice_and_not_what_depends_on_it_gets_the_credit():
    generator = np.random.default_rng(2)
    choices = ["SGD", "Adam"] * 30
    values = [{"kind": kind} | ({"momentum": float(generator.random())} if kind == "SGD" else {}) for kind in choices]
    dimensions = (
        SearchDimension("kind", "categorical", choices=("SGD", "Adam")),
        SearchDimension("momentum", "float", high=1.0, conditional=True),
    )
    losses = [(kind == "SGD") + 0.1 * generator.random() for kind in choices]
    rows = by_name(measure_importance(make_record(values, losses, dimensions), seed=1))
    assert rows["kind"].low > 0.4
    assert abs(rows["momentum"].value) < 0.05
    assert rows["momentum"].num_trials == 30


def test_what_hardly_varied_has_no_importance():
    values = [{"a": index / 20, "b": 0.5} | ({"c": index / 20} if index < 3 else {}) for index in range(20)]
    dimensions = tuple(SearchDimension(name, "float", high=1.0) for name in "abc")
    rows = by_name(measure_importance(make_record(values, range(20), dimensions), seed=1))
    assert (rows["b"].value, rows["c"].value) == (None, None)
    assert rows["a"].low > 0


@pytest.mark.parametrize("num_trials", [0, 3, LEAST_TRIALS])
def test_few_trials_tell_nothing(num_trials):
    assert measure_importance(make_search(num_trials), seed=1) is None  # of the twelve one had no memory


def test_equal_values_tell_nothing():
    record = make_record([{"a": index / 20} for index in range(20)], [1.0] * 20, (SearchDimension("a", "float", high=1.0),))
    assert measure_importance(record, seed=1) is None


def test_same_seed_same_importance_and_direction_does_not_matter():
    record = make_search(20)
    turned = replace(
        record,
        maximise=True,
        trials=tuple(replace(trial, value=-trial.value if trial.value else None) for trial in record.trials),
    )
    assert measure_importance(record, seed=1) == measure_importance(turned, seed=1)
    assert measure_importance(record, seed=1) != measure_importance(record, seed=2)
