"""Rules that cut trials off."""

import pytest

from search.pruning import reason_to_prune
from search.trial import Suggestion, Trial


def trial(losses, state="completed", epochs=None, head_epochs=0):
    """Return a trial with these losses."""
    figures = {"value": 1.0, "loss": 1.0, "best_epoch": 1, "losses": tuple(losses), "head_epochs": head_epochs}
    return Trial(9, Suggestion({}, epochs=epochs), state=state, **figures)


def reason(rule, losses, earlier, *, warmup_epochs=2, startup_trials=3, most_epochs=99, **more):
    """Return why a trial with these losses should stop."""
    limits = {"warmup_epochs": warmup_epochs, "startup_trials": startup_trials, "most_epochs": most_epochs}
    return reason_to_prune(rule, trial(losses, "running", **more), earlier, **limits)


FIVE = [trial([level, level - 0.1, level - 0.2, level - 0.3]) for level in (1.0, 2.0, 3.0, 4.0, 5.0)]


@pytest.mark.parametrize(("loss", "stops"), [(9.0, True), (2.81, True), (2.79, False), (0.1, False)])
def test_the_median_rule_stops_what_is_worse_than_the_median_at_this_epoch(loss, stops):
    assert (reason("median", [9.0, 9.0, loss], FIVE) is not None) == stops


def test_a_trial_counts_for_its_best_epoch_so_far():
    assert reason("median", [0.1, 9.0, 9.0], FIVE) is None


@pytest.mark.parametrize("rule", ["median", "halving"])
def test_nothing_is_cut_off_in_the_warm_up(rule):
    assert reason(rule, [9.0] * 2, FIVE) is None
    assert reason(rule, [9.0] * 3, FIVE) is not None


@pytest.mark.parametrize("rule", ["median", "halving"])
def test_a_trial_is_not_cut_off_after_its_last_epoch(rule):
    assert reason(rule, [9.0] * 3, FIVE, most_epochs=4) is not None
    assert reason(rule, [9.0] * 3, FIVE, most_epochs=3) is None
    assert reason(rule, [9.0] * 5, FIVE, most_epochs=3, head_epochs=2) is None


@pytest.mark.parametrize("rule", ["median", "halving"])
def test_nothing_is_cut_off_before_enough_trials_have_finished(rule):
    assert reason(rule, [9.0] * 3, FIVE[:2]) is None
    assert reason(rule, [9.0] * 3, FIVE[:3]) is not None


@pytest.mark.parametrize("rule", ["median", "halving"])
def test_what_an_engine_gives_epochs_to_is_left_to_it(rule):
    assert reason(rule, [9.0] * 3, FIVE, epochs=4) is None


@pytest.mark.parametrize("rule", ["median", "halving"])
@pytest.mark.parametrize("head_epochs", [1, 5])
def test_epochs_of_a_head_that_is_trained_first_do_not_count(rule, head_epochs):
    head = [0.1] * head_epochs
    others = [trial([9.9] * 7 + list(other.losses), head_epochs=7) for other in FIVE]
    assert reason(rule, [*head, 9.0, 9.0], others, head_epochs=head_epochs) is None  # in the warm-up
    assert reason(rule, [*head, 9.0, 9.0, 9.0], others, head_epochs=head_epochs) is not None
    assert reason(rule, [9.0] * head_epochs + [1.0, 0.9, 0.1], others, head_epochs=head_epochs) is None


def test_the_median_rule_looks_at_completed_trials_only():
    others = [trial([0.1] * 4, state) for state in ("pruned", "failed", "infeasible")]
    assert reason("median", [3.0, 2.9, 2.75], [*FIVE, *others]) is None


def test_a_trial_that_stopped_early_counts_for_all_later_epochs():
    assert reason("median", [9.0] * 8, FIVE) is not None


@pytest.mark.parametrize(("epoch", "stops"), [(3, True), (4, False), (5, True), (10, False), (11, True), (29, True)])
def test_successive_halving_decides_after_1_3_9_27_epochs_past_the_warm_up(epoch, stops):
    assert (reason("halving", [9.0] * epoch, FIVE) is not None) == stops


def test_successive_halving_keeps_the_best_third():
    assert reason("halving", [9.0, 9.0, 1.5], FIVE) is None
    assert reason("halving", [9.0, 9.0, 2.5], FIVE) is not None


def test_successive_halving_counts_trials_that_were_cut_off_later():
    early, late = trial([0.1, 0.1], "pruned"), trial([0.1, 0.1, 0.1], "pruned")
    assert reason("halving", [9.0, 9.0, 1.5], [*FIVE, early]) is None
    assert reason("halving", [9.0, 9.0, 1.5], [*FIVE, late]) is not None


def test_epochs_without_a_number_are_the_worst():
    assert reason("median", [None, None, None], FIVE) is not None
    assert reason("median", [None, None, None], [trial([None] * 3)] * 3) is None


def test_without_a_rule_nothing_is_cut_off():
    assert reason("none", [99.0] * 20, FIVE) is None
