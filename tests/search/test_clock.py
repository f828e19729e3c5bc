"""How long a search has been at work."""

import pytest

from search.clock import SearchClock


def ticking(*times):
    """Return a clock that shows these times one after the other."""
    shown = iter(times)
    return lambda: next(shown)


def test_sessions_add_up_and_the_time_between_them_does_not_count(tmp_path):
    SearchClock(tmp_path, now=ticking(100.0, 130.0)).save()
    assert SearchClock(tmp_path, now=ticking(900.0, 905.0)).seconds == pytest.approx(35.0)


def test_a_new_search_starts_at_zero(tmp_path):
    assert SearchClock(tmp_path, now=ticking(7.0, 7.0)).seconds == 0
