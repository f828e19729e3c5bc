"""The mirror shows the record, whatever it held before, and never stops a search."""

import logging
import shutil
from contextlib import closing

import optuna
import pytest
from optuna.trial import TrialState

from car_classifier.base.errors import UserError
from search.dimensions.categorical import Categorical
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange
from search.engines.optuna.mirror import OptunaMirror, check_url
from search.space import Space
from search.trial import Suggestion, Trial


def space(*optimizers):
    return Space(dimensions={
        "rate": FloatRange(low=1e-4, high=1e-1, log=True), "optimizer": Categorical(choices=optimizers),
        "momentum": FloatRange(low=0, high=1, when={"optimizer": ("sgd",)}), "layers": Categorical(choices=([512], [])),
        "units": IntRange(low=1, high=8),
    })


SPACE = space("adam", "sgd")


def trial(number, state="completed", losses=(0.5, 0.25, 0.75), **more):
    values = {"rate": 0.01, "optimizer": "adam", "layers": [512], "units": number}
    best = None if state == "running" else min((loss for loss in losses if loss is not None), default=None)
    figures = {"value": best, "loss": best, "losses": losses, "best_epoch": None if best is None else losses.index(best) + 1}
    times = {"started": "2026-01-01T00:00:00+00:00", "seconds": 60.0}
    return Trial(number, Suggestion(values), state, **{**figures, **times, **more})


TRIALS = [
    trial(0), trial(1, "pruned", (0.9, None)), trial(2, "failed", (), reason="diverged"),
    trial(3, "infeasible", ()), trial(4, "running"),
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A data base with Optuna's tables; a copy is much faster than new tables."""
    path = tmp_path_factory.mktemp("tables") / "empty.db"
    optuna.storages.RDBStorage(f"sqlite:///{path}").engine.dispose()
    return path


@pytest.fixture
def url(tmp_path, tables):
    for name in ("mirror.db", "other.db"):
        shutil.copy(tables, tmp_path / name)
    return f"sqlite:///{tmp_path}/mirror.db"


@pytest.fixture
def mirror(url):
    with closing(OptunaMirror(url, SPACE, "cars")) as mirror:
        yield mirror


def seen(url):
    """The trials of the study, as anybody else sees them."""
    storage = optuna.storages.RDBStorage(url)
    trials = optuna.load_study(study_name="cars", storage=storage).trials
    storage.remove_session()
    storage.engine.dispose()
    return trials


def ids(url):
    return [there._trial_id for there in seen(url)]


def contents(url):
    return [(there.number, there.state, there.value, there.params, there.intermediate_values) for there in seen(url)]


@pytest.mark.parametrize("text", ["nonsense", "", "nosuch://host/name"])
def test_what_is_no_url_of_a_data_base_is_refused(text):
    check_url("sqlite:///search.db")
    with pytest.raises(UserError, match="such as sqlite:///search.db"):
        check_url(text)


def test_states_values_and_learning_curves_are_shown(mirror, url):
    mirror.update(TRIALS)
    there = seen(url)
    assert [shown.state.name for shown in there] == ["COMPLETE", "PRUNED", "FAIL", "FAIL", "RUNNING"]
    assert [shown.value for shown in there] == [0.25, 0.9, None, None, None]
    assert there[0].intermediate_values == {1: 0.5, 2: 0.25, 3: 0.75} and there[1].intermediate_values == {1: 0.9}
    assert there[0].params == {"rate": 0.01, "optimizer": '"adam"', "layers": "[512]"}  # 0 units lie outside
    assert there[0].user_attrs["outside"] == {"units": 0} and there[1].params["units"] == 1
    assert there[2].user_attrs["reason"] == "diverged" and there[3].user_attrs["state"] == "infeasible"
    assert there[0].duration.total_seconds() == 60


def test_figure_that_should_be_large_is_shown_in_its_own_units(url):
    with closing(OptunaMirror(url, SPACE, "cars", direction="maximize")) as mirror:
        mirror.update([trial(0, losses=(-0.5, -0.75))])
    assert seen(url)[0].value == 0.75 and seen(url)[0].intermediate_values == {1: 0.5, 2: 0.75}


def test_running_trial_grows_and_ends_in_its_place(mirror, url):
    mirror.update([trial(0), trial(1, "running", ())])
    before = ids(url)
    mirror.update([trial(0), trial(1, "running", (0.5,))])
    assert seen(url)[1].state is TrialState.RUNNING and seen(url)[1].intermediate_values == {1: 0.5}
    mirror.update([trial(0), trial(1, losses=(0.5, 0.125)), trial(2, "running", ())])
    assert ids(url)[:2] == before and seen(url)[1].state is TrialState.COMPLETE and seen(url)[1].value == 0.125
    assert seen(url)[1].user_attrs["value"] == 0.125 and len(seen(url)) == 3


def test_a_second_start_finds_its_mirror_and_changes_nothing(mirror, url):
    mirror.update(TRIALS)
    before = ids(url)
    with closing(OptunaMirror(url, SPACE, "cars")) as again:
        again.update(TRIALS)
    assert ids(url) == before


@pytest.mark.parametrize("later", [
    TRIALS[:2],  # fewer
    [trial(0, "running", ()), *TRIALS[1:]],  # run again after a bug
    [trial(0, losses=(0.5,)), *TRIALS[1:]],  # another result
    [*TRIALS[:4], trial(4, "running", (0.5,))],  # begun anew
])
def test_mirror_that_differs_is_made_anew(mirror, url, later, tmp_path):
    mirror.update(TRIALS)
    mirror.update(later)
    with closing(OptunaMirror(f"sqlite:///{tmp_path}/other.db", SPACE, "cars")) as other:
        other.update(later)
    assert contents(url) == contents(f"sqlite:///{tmp_path}/other.db")


def test_grown_space_is_shown(mirror, url):
    mirror.update(TRIALS)
    with closing(OptunaMirror(url, space("adam", "sgd", "lion"), "cars")) as grown:
        grown.update(TRIALS)
    assert len(seen(url)[1].distributions["optimizer"].choices) == 3 and len(seen(url)) == 5


def test_deleted_data_base_is_made_anew_during_the_search(mirror, url, tmp_path, caplog):
    mirror.update(TRIALS[:2])
    (tmp_path / "mirror.db").unlink()
    mirror.update(TRIALS)
    assert len(seen(url)) == 5 and caplog.records == []


def test_lost_trial_keeps_its_place_until_it_has_run_again(mirror, url):
    mirror.update([trial(0), trial(2)])
    assert [there.state.name for there in seen(url)] == ["COMPLETE", "RUNNING", "COMPLETE"]
    mirror.update([trial(0), trial(1), trial(2)])
    assert [there.params.get("units") for there in seen(url)] == [None, 1, 2]


def test_study_of_somebody_else_is_left_alone(mirror, url, caplog):
    storage = optuna.storages.RDBStorage(url)
    theirs = optuna.create_study(storage=storage, study_name="cars")
    theirs.tell(theirs.ask(), 1.0)
    storage.engine.dispose()
    mirror.update(TRIALS)
    assert len(seen(url)) == 1 and "is no mirror of a search" in caplog.text


@pytest.mark.parametrize("bad", ["nonsense", "sqlite:////none/here/mirror.db", "oracle://me:secret@127.0.0.1/cars"])
def test_mirror_that_fails_says_so_once_and_goes_on(bad, caplog):
    mirror = OptunaMirror(bad, SPACE, "cars")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            mirror.update(TRIALS)
    assert len(caplog.records) == 1 and "given up until the search is started again" in caplog.text
    assert "secret" not in caplog.text


def test_no_trials_make_an_empty_study(mirror, url):
    mirror.update([])
    assert seen(url) == []
