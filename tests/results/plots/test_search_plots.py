"""Every plot of a search, for few and many trials and for strange ones."""

import math
from dataclasses import replace

import pytest
from PIL import Image

from results.plots.search_parallel import plot_search_parallel
from results.plots.search_plots import plot_search
from results.plots.search_style import value_limits
from results.plots.search_timeline import plot_search_timeline
from results.search_dimension import SearchDimension
from results.search_importance import measure_importance
from results.search_record import SearchRecord
from results.search_trial import SearchTrial
from tests.results.synthetic_search import make_search

NAMES = ["importance", "history", "parallel", "slices", "curves", "timeline"]


@pytest.mark.parametrize(("num_trials", "maximise"), [(1, True), (3, False), (50, True), (200, False)])
def test_few_and_many_trials_give_legible_pictures(tmp_path, num_trials, maximise):
    record = make_search(num_trials, maximise=maximise)
    importance = measure_importance(record, seed=1)
    paths = plot_search(record, importance, tmp_path)
    assert list(paths) == (NAMES if importance else NAMES[1:])
    for path in paths.values():
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert 600 < picture.width < 2100
            assert 250 < picture.height < 1500


def make_record(*trials, dimensions):
    return SearchRecord("s", "m", "d", "random", 1, "val_loss", False, dimensions, trials)


def test_strange_names_values_and_times_are_drawn(tmp_path):
    dimensions = (
        SearchDimension("a.$x^2$ <b>", "categorical", choices=("$\\frac", "車" * 40, None, [1])),
        SearchDimension("a.fixed", "float", low=0.5, high=0.5),
        SearchDimension("a.count", "int", low=1, high=2, log=True),
    )
    trials = (
        SearchTrial(0, "completed", {"a.$x^2$ <b>": "other", "a.fixed": None}, 1.0, curve=(math.nan, 1.0), seconds=0.0),
        SearchTrial(1, "completed", {"a.$x^2$ <b>": None, "a.fixed": 9.0, "a.count": 1}, math.inf, curve=(math.inf,)),
        SearchTrial(3, "pruned", {"a.count": 2}, 1.0, curve=(1.0,), started="2026-01-01T00:00:00"),
        SearchTrial(4, "running", {}, curve=(2.0, 1.5), started="2026-01-01T00:00:00+00:00", seconds=3.0),
    )
    assert list(plot_search(make_record(*trials, dimensions=dimensions), None, tmp_path)) == NAMES[1:]


def test_a_search_without_trials_has_no_plots(tmp_path):
    assert plot_search(make_search(0), None, tmp_path) == {}


def test_failed_trials_alone_have_a_timeline_only(tmp_path):
    trial = SearchTrial(0, "failed", {}, started="2026-01-01T00:00:00+00:00", seconds=2.0)
    assert list(plot_search(make_record(trial, dimensions=make_search(0).dimensions), None, tmp_path)) == ["timeline"]


def test_disasters_do_not_rule_the_scale():
    record = make_search(50)
    trials = tuple(replace(trial, value=1e6) if trial.state == "pruned" else trial for trial in record.trials)
    low, high = value_limits(replace(record, trials=trials))
    assert low < record.best.value < record.default.value < high < 10


def test_equal_values_have_a_scale():
    trials = [SearchTrial(number, "completed", {}, 0.0) for number in range(3)]
    low, high = value_limits(make_record(*trials, dimensions=()))
    assert low < 0 < high


@pytest.mark.parametrize("values", [(0.0, 0.1), (0.97, 1.0), (0.0, 0.0), (1.0, 1.0)])
def test_a_scale_of_accuracies_keeps_between_0_and_100_per_cent(values):
    trials = tuple(SearchTrial(number, "completed", {}, value) for number, value in enumerate(values))
    low, high = value_limits(SearchRecord("s", "m", "d", "random", 1, "val_accuracy", True, (), trials))
    assert 0 <= low <= min(values) and max(values) <= high <= 1 and low < high


def test_trials_at_the_same_time_stand_above_each_other(tmp_path):
    record = make_search(8)
    together = [replace(trial, started=record.trials[2 * (trial.number // 2)].started) for trial in record.trials]
    plot_search_timeline(record, tmp_path / "one.png")
    plot_search_timeline(replace(record, trials=tuple(together)), tmp_path / "two.png")
    with Image.open(tmp_path / "one.png") as one, Image.open(tmp_path / "two.png") as two:
        assert two.height > one.height


def test_many_dimensions_take_several_rows_so_that_the_plot_is_not_wider_than_a_page(tmp_path):
    sizes = []
    for num_dimensions in (8, 12):
        record = make_search(20)
        plot_search_parallel(replace(record, dimensions=record.dimensions[:num_dimensions]), tmp_path / "parallel.png")
        with Image.open(tmp_path / "parallel.png") as picture:
            sizes.append(picture.size)
    assert sizes[1][0] <= sizes[0][0] and sizes[1][1] > 1.5 * sizes[0][1]
