"""The words at the end of a search say what happened, and no more."""

from dataclasses import replace

import pytest

from results.search_importance import measure_importance
from results.search_record import SearchRecord
from results.search_table import best_in_words, gain_in_words, importance_in_words, pruned_in_words, time_in_words
from results.search_trial import SearchTrial
from tests.results.synthetic_search import make_search


def make_record(*trials, **changes):
    return SearchRecord("s", "m", "d", "random", 1, "val_accuracy", True, (), tuple(trials), **changes)


def test_gain_is_said_in_points_and_called_validation():
    record = make_record(SearchTrial(0, "completed", {}, 0.551), SearchTrial(1, "completed", {}, 0.579))
    words = gain_in_words(record)
    assert words.startswith("Validation accuracy 55.1 % → 57.9 %: +2.8 points. This is validation")
    assert words.endswith("the test split tells how much carries over.")


CHANCE = [(700, 2, "within"), (1000, 2, "beyond"), (1000, 9, "within")]


@pytest.mark.parametrize(("num_validation", "num_trials", "verdict"), CHANCE)
def test_gain_is_compared_with_chance_which_grows_with_the_trials(num_validation, num_trials, verdict):
    trials = [SearchTrial(number, "completed", {}, 0.55) for number in range(num_trials - 1)]
    record = make_record(*trials, SearchTrial(num_trials - 1, "completed", {}, 0.59), num_validation=num_validation)
    assert f"this gain is {verdict} that" in gain_in_words(record)


def test_a_loss_falls_in_per_cent_and_brings_its_accuracy_along():
    words = gain_in_words(make_search(50))
    assert words.startswith("Validation loss 1.762 → 1.582: −10.2 %; validation accuracy 52.2 % → 56.9 %: +4.7 points.")


def test_an_unbeaten_default_is_no_gain():
    record = make_record(SearchTrial(0, "completed", {}, 0.6), SearchTrial(1, "completed", {}, 0.5))
    assert gain_in_words(record) == "No trial was better than the default configuration, validation accuracy 60.0 %."


def test_a_failed_default_cannot_be_compared_with():
    record = make_record(SearchTrial(0, "failed", {}, reason="diverged"), SearchTrial(1, "completed", {}, 0.5))
    assert "has no value (failed: diverged)" in gain_in_words(record)


@pytest.mark.parametrize("trials", [(), (SearchTrial(0, "failed", {}, 0.9), SearchTrial(1, "pruned", {}, 0.9))])
def test_only_completed_trials_can_be_the_best(trials):
    record = make_record(*trials)
    assert record.best is None
    assert best_in_words(record).startswith("No trial has completed")
    assert gain_in_words(record).startswith("No trial has completed")


def test_the_first_of_equal_trials_is_the_best():
    record = make_record(*(SearchTrial(number, "completed", {}, value) for number, value in enumerate([0.4, 0.5, 0.5])))
    assert record.best.number == 1


def test_best_configuration_names_what_it_changes_before_what_it_keeps():
    lines = best_in_words(make_search(50)).splitlines()
    assert lines[0] == "Best is trial 43, validation loss 1.582 after epoch 24:"
    assert "training.optimizer_type     AdamW  (default Adam)" in lines[1]
    assert lines[-2:] == ["as in the default:", "  training.batch_size         32"]


def test_importance_is_told_only_where_the_trials_tell_it():
    assert importance_in_words(None).startswith("Too few trials")
    importance = measure_importance(make_search(50), seed=1)
    assert "training.learning_rate" in importance_in_words(importance)
    assert "do not tell" in importance_in_words(replace(importance, explained=0.05))


def test_time_is_told_by_state():
    trials = SearchTrial(0, "completed", {}, 0.5, seconds=90.0), SearchTrial(1, "failed", {}, seconds=5.0)
    words = time_in_words(make_record(*trials, seconds=100.0))
    assert words == "1 completed, 1 failed in 1 min 40 s (trials: completed 1 min 30 s, failed 5.0 s)."


def test_much_time_beside_the_trials_is_said():
    words = time_in_words(make_record(SearchTrial(0, "completed", {}, 0.5, seconds=18.0), seconds=88.0))
    assert words.endswith("(trials: completed 18.0 s; 1 min 10 s before, between and after them).")


def test_trials_beside_each_other_do_not_hide_the_time_without_any():
    starts = ("2026-01-01T12:00:00Z", "2026-01-01T12:00:10Z", "2026-01-01T12:01:30Z")
    trials = [SearchTrial(number, "completed", {}, 0.5, seconds=60.0, started=start) for number, start in enumerate(starts)]
    record = make_record(*trials, seconds=260.0)
    assert record.busy_seconds == 130
    assert time_in_words(record) == (
        "3 completed in 4 min 20 s (trials, added up though they ran beside each other: completed 3 min 00 s; "
        "2 min 10 s before, between and after them)."
    )


def test_pruned_trials_are_said_to_have_been_cut_off():
    assert "lower than they might" in pruned_in_words(make_search(40, maximise=True))
    assert "higher than they might" in pruned_in_words(make_search(40))
    assert pruned_in_words(make_search(1)) == ""
