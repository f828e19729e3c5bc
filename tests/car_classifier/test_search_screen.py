"""What a search says while it runs."""

import io

import pytest
from rich.console import Console

from car_classifier.search_screen import SearchScreen
from search.config import SearchConfig


@pytest.mark.parametrize(("seconds", "words"), [(2.0, "takes 2 s, so 3 trials of 10 epochs"), (None, "memory ran out")])
def test_the_forecast_says_what_is_known(seconds, words):
    console = Console(file=io.StringIO(), width=200)
    SearchScreen(console, SearchConfig(trials=3), epochs=10).prepared({"seconds_per_epoch": seconds})
    assert words in console.file.getvalue()
