"""What the record says about a space."""

from search.dimensions.float_range import FloatRange
from search.engines.record import told_losses, trials_inside
from search.space import Space
from search.trial import Suggestion, Trial
from tests.search.engines.imagined_search import SMALL, trial_of


def trial(state: str, loss: float | None = None) -> Trial:
    return Trial(0, Suggestion({}), state, value=loss, loss=loss, best_epoch=1)


def test_trials_outside_are_left_out_and_inactive_values_dropped():
    values = [{"size": 1, "extra": 2}, {"size": 3}, {"size": 2}, {"size": 2, "extra": 0}]
    assert [kept.values for kept in trials_inside(SMALL, map(trial_of, values))] == [{"size": 1}, {"size": 2, "extra": 0}]


def test_zero_counts_as_the_low_end_of_a_logarithmic_range():
    space = Space(dimensions={"decay": FloatRange(low=1e-7, high=1e-5, log=True), "dropout": FloatRange(low=0, high=0.5)})
    values = [{"decay": 0.0, "dropout": 0.0}, {"decay": 1e-9, "dropout": 0.0}]
    assert [kept.values for kept in trials_inside(space, map(trial_of, values))] == [{"decay": 1e-7, "dropout": 0.0}]


def test_lost_trials_count_as_the_worst_and_running_ones_as_the_mean():
    trials = [trial("completed", 1.0), trial("pruned", 3.0), trial("failed"), trial("infeasible"), trial("running", 0.5)]
    assert told_losses(trials) == [1.0, 3.0, 3.0, 3.0, 2.0]


def test_trials_without_any_loss_are_all_alike():
    assert told_losses([trial("failed"), trial("running")]) == [0.0, 0.0]


def test_losses_far_above_the_rest_are_cut_down():
    told = told_losses([trial("completed", loss) for loss in (1.0, 2.0, 3.0, 4.0, 1e9)] + [trial("failed")])
    assert told == [1.0, 2.0, 3.0, 4.0, 9.0, 9.0]


def test_nothing_is_cut_down_where_most_are_equally_good():
    assert told_losses([trial("completed", loss) for loss in (1.0, 1.0, 1.0, 5.0)]) == [1.0, 1.0, 1.0, 5.0]
