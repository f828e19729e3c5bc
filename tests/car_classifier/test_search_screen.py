"""What a search says while it runs."""

import io

import pytest
from rich.console import Console

from car_classifier.search_screen import SearchScreen
from search.clock import SearchClock
from search.config import SearchConfig
from search.trial import Suggestion, Trial


def _screen(folder, *, terminal=False, seconds_so_far=0.0, **settings):
    """Return a screen and the console on which it shows."""
    console = Console(file=io.StringIO(), width=80, force_terminal=terminal)
    times = iter([0.0])
    clock = SearchClock(folder, now=lambda: next(times, seconds_so_far))
    return SearchScreen(console, SearchConfig(**settings), epochs=10, clock=clock), console


def _finished(number, seconds=60.0):
    return Trial(number, Suggestion({}), "completed", value=2.5, loss=2.5, losses=(3.0, 2.5), best_epoch=2, seconds=seconds)


@pytest.mark.parametrize(("seconds", "words"), [(2.0, "takes 2 s, so 3 trials of 10 epochs"), (None, "memory ran out")])
def test_the_forecast_says_what_is_known(tmp_path, seconds, words):
    screen, console = _screen(tmp_path, trials=3)
    screen.prepared({"seconds_per_epoch": seconds})
    assert words in console.file.getvalue().replace("\n", " ")


@pytest.mark.parametrize(("budget", "left"), [
    ({"trials": 4}, "~ 3 min"), ({"hours": 2}, "~ 1.9 h"), ({"trials": 4, "hours": 2}, "~ 3 min"),
    ({"trials": 900, "hours": 2}, "~ 1.9 h"), ({"hours": 0.1}, "60 s"), ({"trials": 1}, "60 s"),
])
def test_a_finished_trial_says_when_the_search_will_be_over(tmp_path, budget, left):
    screen, console = _screen(tmp_path, seconds_so_far=360.0, **budget)
    screen.trial_finished(_finished(0))
    assert console.file.getvalue().rstrip().endswith(left)


def test_before_any_trial_has_finished_the_forecast_says_what_is_left(tmp_path):
    screen, console = _screen(tmp_path, terminal=True, trials=3)
    with screen:
        screen.prepared({"seconds_per_epoch": 60.0})
        screen.trial_started(Trial(0, Suggestion({})))
    assert "0/10   0.1 s  ~ 30 min" in console.file.getvalue()


def test_a_running_trial_stands_in_the_columns_of_the_finished_ones(tmp_path):
    screen, console = _screen(tmp_path, terminal=True, hours=2)
    with screen:
        screen.trial_finished(_finished(0))
        screen.trial_started(Trial(1, Suggestion({})))
        screen.epoch(Trial(1, Suggestion({}), losses=(None, 1.25)), {})
        screen.suggested(Trial(2, Suggestion({})), 0.1)  # what has been recorded only does not run yet
    text = console.file.getvalue()
    assert "     1  running        1.250     2.500    #0   2/10" in text and "2.0 h" in text
    assert "     2  running" not in text
