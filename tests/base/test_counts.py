"""Numbers of things are English."""

import pytest

from car_classifier.base.counts import describe_count, times


@pytest.mark.parametrize(("number", "words"), [(0, "0 epochs"), (1, "1 epoch"), (1200, "1,200 epochs")])
def test_one_thing_is_no_plural(number, words):
    assert describe_count(number, "epoch") == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 times"), (1, "once"), (2, "twice"), (3, "3 times")])
def test_how_often_is_english(number, words):
    assert times(number) == words
