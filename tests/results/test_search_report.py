"""The page of a search is one file that shows everything, and does nothing that a stranger's text asks."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from results.search_dimension import SearchDimension
from results.search_report import headline, write_search_report
from results.search_trial import SearchTrial
from tests.results.synthetic_search import make_search

EVIL = "<script>alert(1)</script><img src=http://e.x/a onerror=alert(1)>\"'{{ 7*7 }}"


class Page(HTMLParser):
    """Collects start tags and the text of cells."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text.append(data)

    def count(self, tag):
        return sum(name == tag for name, _ in self.tags)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    write_search_report(make_search(200), folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_hundreds_of_trials_stay_below_three_megabytes(large):
    assert len(large) < 3_000_000


def test_page_fetches_nothing(large):
    addresses = [value for _, attributes in Page(large).tags for name, value in attributes.items() if name in ("src", "href")]
    assert len(addresses) == 6
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert "default-src 'none'" in large
    assert not re.search(r"url\(|@import|https?://", large)


def test_page_holds_every_trial_and_every_dimension(large):
    page, record = Page(large), make_search(200)
    assert page.count("tr") == 1 + len(record.trials) + 1 + len(record.best.values)
    assert {dimension.name for dimension in record.dimensions} <= {attributes.get("title") for _, attributes in page.tags}


def test_page_says_what_came_out_and_what_to_type(large):
    text = " ".join("".join(Page(large).text).split())
    record = make_search(200)
    assert "Validation accuracy 52.2 % → 58.4 % in 200 trials" in text
    assert "Failed, trials 13, 29: diverged: the loss of epoch 3 is no number" in text
    assert "Interrupted, noticed 2026-11-20 17:05 UTC: killed" in text
    assert record.command in text and record.train_command in text


def test_text_of_strangers_stays_text(tmp_path):
    values = {"a.b": EVIL}
    trials = SearchTrial(0, "completed", values, 1.0, curve=(1.0,)), SearchTrial(1, "failed", values, reason=EVIL)
    dimensions = (SearchDimension("a.b", "categorical", choices=(EVIL,)),)
    changes = {"name": EVIL, "data": EVIL, "command": EVIL, "interruptions": (("2026-11-20T17:05:00+00:00", EVIL),)}
    write_search_report(replace(make_search(0), trials=trials, dimensions=dimensions, **changes), tmp_path)
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.count("script") == 1
    assert not any(name.startswith("on") or value == "http://e.x/a" for _, tags in page.tags for name, value in tags.items())
    assert "".join(page.text).count(EVIL) >= 6


@pytest.mark.parametrize("num_trials", [0, 1, 3])
def test_a_search_that_has_hardly_begun_has_a_page(tmp_path, num_trials):
    assert write_search_report(make_search(num_trials), tmp_path) is None
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Too few trials have a value" in text
    assert ("No trial has completed" in text) == (num_trials == 0)


@pytest.mark.parametrize(("accuracy", "words"), [
    (0.5, "Validation accuracy 40.0 % → 50.0 % in 2 trials"), (0.4, "Validation loss 2.500 → 2.000 in 2 trials"),
    (0.42, "Validation accuracy 40.0 % → 42.0 % in 2 trials, which may be chance"),
])
def test_headline_speaks_of_accuracy_where_that_has_risen_and_of_chance_where_that_may_be_all(accuracy, words):
    record = make_search(50)
    default = replace(record.default, value=2.5, figures={"val_accuracy": 0.4})
    best = replace(record.best, value=2.0, figures={"val_accuracy": accuracy})
    assert headline(replace(record, trials=(default, best))) == words


def test_headline_admits_that_nothing_was_gained():
    record = make_search(50)
    trials = tuple(replace(trial, value=9.0) if trial.number else trial for trial in record.trials)
    assert headline(replace(record, trials=trials)) == "The default configuration was not beaten in 50 trials"
