"""A search is gone on with only where the same is asked for."""

import errno
import json
import os

import pytest

from car_classifier.base.errors import DataError, UserError
from search.dimensions.categorical import Categorical
from search.dimensions.float_range import FloatRange
from search.search_file import open_search, read_search
from search.space import Space
from search.store import SearchStore
from search.trial import Suggestion, Trial

RATE = FloatRange(low=1e-4, high=1e-1, log=True)
SPACE = Space(dimensions={"optimizer": Categorical(choices=("adam", "sgd")), "rate": RATE})
ASKED = {
    "space": SPACE, "engine": "optuna:tpe", "seed": 0, "monitor": "val_loss", "objective": "a:B", "pruner": "median",
    "trials": 50, "hours": None, "workers": 1, "executor": "local",
    "job": {"data": {"name": "cars", "fingerprint": "12ab"}, "sizes": (1, 2)},
}


def test_same_search_is_gone_on_with_and_not_written_again(tmp_path):
    open_search(tmp_path, ASKED)
    before = (tmp_path / "search.json").stat().st_ino
    open_search(tmp_path, dict(reversed(ASKED.items())))
    assert (tmp_path / "search.json").stat().st_ino == before
    assert read_search(tmp_path)["space"] == SPACE and read_search(tmp_path)["job"]["sizes"] == [1, 2]


@pytest.mark.parametrize(("name", "value"), [
    ("trials", 80), ("hours", 2.5), ("workers", 4), ("executor", "ray"), ("ray_address", "a:1"),
])
def test_budget_and_place_may_change_and_are_written_down(tmp_path, name, value):
    open_search(tmp_path, ASKED)
    open_search(tmp_path, {**ASKED, name: value})
    assert read_search(tmp_path)[name] == value


def test_data_may_lie_elsewhere(tmp_path):
    open_search(tmp_path, {**ASKED, "job": {"folder": "here", "name": "cars"}})
    open_search(tmp_path, {**ASKED, "job": {"folder": "there", "name": "cars"}}, places=["job.folder"])
    assert read_search(tmp_path)["job"]["folder"] == "there"
    with pytest.raises(UserError, match="job.name"):
        open_search(tmp_path, {**ASKED, "job": {"folder": "there", "name": "dogs"}}, places=["job.folder"])


@pytest.mark.parametrize(("name", "value", "line"), [
    ("seed", 1, "  seed: 0 there, 1 asked for"), ("engine", "grid", "  engine: 'optuna:tpe' there, 'grid' asked for"),
    ("objective", "a:C", "  objective: 'a:B' there, 'a:C' asked for"), ("monitor", "val_auc", "  monitor: 'val_loss' there"),
    ("pruner", "none", "  pruner: 'median' there"), ("more", 1, "  more: None there, 1 asked for"),
    ("job", {"data": {"name": "cars", "fingerprint": "ff00"}, "sizes": (1, 2)}, "  job.data.fingerprint: '12ab' there, 'ff00'"),
    ("job", {}, "  job.data.name: 'cars' there, None asked for"),
])
def test_another_search_is_refused_with_the_differences(tmp_path, name, value, line):
    open_search(tmp_path, ASKED)
    stored = (tmp_path / "search.json").read_bytes()
    with pytest.raises(UserError, match="holds a search for something else") as caught:
        open_search(tmp_path, {**ASKED, name: value})
    assert line in str(caught.value) and "--run" in str(caught.value)
    assert (tmp_path / "search.json").read_bytes() == stored


def test_many_differences_are_shortened(tmp_path):
    open_search(tmp_path, ASKED)
    with pytest.raises(UserError, match="… and 8 more"):
        open_search(tmp_path, {**ASKED, **{f"more{index}": 1 for index in range(20)}})


def test_grown_space_is_stored_and_cannot_shrink_again(tmp_path):
    grown = Space(dimensions={"optimizer": Categorical(choices=("sgd", "adam", "lion")), "rate": RATE})
    open_search(tmp_path, ASKED)
    open_search(tmp_path, {**ASKED, "space": grown})
    assert read_search(tmp_path)["space"] == grown
    with pytest.raises(UserError, match=r"optimizer: sgd\|adam\|lion there, adam\|sgd asked for"):
        open_search(tmp_path, ASKED)


@pytest.mark.parametrize(("content", "message"), [
    ("", "no JSON"), ("[]", "format 1"), ('{"format": 2}', "format 1"), ('{"format": 1}', "space is wrong"),
    ('{"format": 1, "space": {"dimensions": {"x": {"kind": "float", "low": 2, "high": 1}}}}', "space is wrong"),
])
def test_damaged_search_file_is_named(tmp_path, content, message):
    (tmp_path / "search.json").write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        open_search(tmp_path, ASKED)
    assert "search.json" in str(caught.value)


def test_trials_whose_search_file_is_gone_are_not_given_to_another_search(tmp_path):
    open_search(tmp_path, ASKED)
    SearchStore(tmp_path).begin(Trial(0, Suggestion({})))
    (tmp_path / "search.json").unlink()
    with pytest.raises(DataError, match="is missing, though there are trials"):
        open_search(tmp_path, ASKED)


def test_read_only_folder_is_named(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(UserError, match=f"{tmp_path} cannot be written: Read-only file system"):
        open_search(tmp_path, ASKED)


def test_opening_clears_away_what_dead_processes_left(tmp_path):
    open_search(tmp_path, ASKED)
    left = tmp_path / ".search.json.abc.tmp.json"
    left.write_text("{")
    os.utime(left, (0, 0))
    open_search(tmp_path, ASKED)
    assert not left.exists() and json.loads((tmp_path / "search.json").read_text())["format"] == 1
