"""`search` as a user types it, on small real files and with real workers."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json
from car_classifier.cli import create_app
from car_classifier.config import Config
from car_classifier.search_result import SearchResult
from car_classifier.settings import read_hyperparameters
from results.run_store import Run
from search.config import SearchConfig
from search.dimensions.categorical import Categorical
from search.record_file import read_trial
from search.space import Space
from search.trial import Suggestion, Trial
from tests.car_classifier.picture_folder import draw_picture_folder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with pictures, a data home and room for runs."""
    place = tmp_path_factory.mktemp("place")
    draw_picture_folder(place / "cars")
    return place


def _arguments(place, *more, run):
    return [
        "search", "--data", str(place / "cars"), "--data-dir", str(place / "home"), "--model", "model1", "--image-size", "16",
        "--epochs", "2", "--set", "training.batch_size=8", "--run", run, "--runs-dir", str(place / "runs"), "--json", *more,
    ]


def _call(arguments):
    result = CliRunner().invoke(create_app(), arguments)
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def summary(place):
    """What a search of three trials printed."""
    return _call(_arguments(place, "--trials", "3", run="first"))


def test_summary_has_the_promised_keys(summary):
    assert set(summary) == {"run", "status", "trials", "best", "default_value", "seconds"}
    assert set(summary["best"]) == {"number", "value", "values"}
    assert sum(summary["trials"].values()) == 3 and summary["status"] == "done"


def test_a_search_leaves_what_the_architecture_names(summary, place):
    folder = place / "runs" / "first"
    assert {path.name for path in (folder / "trials").iterdir()} == {f"0000{number}.pkl" for number in range(3)}
    assert {"search.json", "best.json", "report.html", "run.json", "config.json", "data.json"} <= set(os.listdir(folder))
    assert "training.batch_size" not in read_json(folder / "search.json")["space"]["dimensions"]
    assert read_trial(folder / "trials" / "00000.pkl").values["training.learning_rate"] == 1e-3  # the default


def test_the_best_trial_can_be_trained(summary, place):
    trained = _call([
        "train", "--data", str(place / "cars"), "--data-dir", str(place / "home"), "--hyperparameters",
        str(place / "runs" / "first"), "--run", "winner", "--runs-dir", str(place / "runs"), "--json",
    ])
    settings = read_json(place / "runs" / "winner" / "config.json")
    assert trained["model"] == "model1" and settings["data.image_size"] == 16 and settings["training.batch_size"] == 8
    assert settings["training.learning_rate"] == summary["best"]["values"]["training.learning_rate"]


def test_a_finished_search_shows_its_result_again_and_goes_on_with_more_trials(summary, place):
    assert _call(_arguments(place, "--trials", "3", run="first"))["best"] == summary["best"]
    more = _call(_arguments(place, "--trials", "4", run="first"))
    assert sum(more["trials"].values()) == 4


def test_a_search_without_a_winner_trains_nothing(place):
    folder = place / "runs" / "empty"
    folder.mkdir(parents=True)
    for name in ("run.json", "search.json"):
        (folder / name).write_text("{}")
    with pytest.raises(UserError, match="No trial of .* has completed yet"):
        read_hyperparameters("empty", place / "runs")


def test_the_winner_is_trained_in_parts_when_it_was_searched_in_parts(tmp_path):
    space = Space(dimensions={"training.batch_size": Categorical(choices=(64, 128))})
    best = Trial(
        0, Suggestion({"training.batch_size": 128}), "completed", value=1.0, loss=1.0, losses=(1.0,), best_epoch=1,
        micro_batch_divisor=4,
    )
    run = Run(tmp_path / "search", kind="search", config={})
    SearchResult(run, SearchConfig(), space, Config(), frozenset(), (), [best]).write_best()
    found = read_hyperparameters(str(run.folder), tmp_path)
    assert (found["training.batch_size"], found["training.accum_steps"]) == (32, 4)


@pytest.mark.parametrize(("suggested", "words"), [(None, "as in the search"), (30, "as in the search"), (10, "had 10;")])
def test_the_end_says_how_long_the_winner_trains(tmp_path, suggested, words):
    said = _training_in_words(tmp_path, Trial(1, Suggestion({}, epochs=suggested), "completed", value=1.0, loss=1.0,
                                              losses=(1.0,), best_epoch=1))
    assert "at most 30 epochs" in said and words in said and said.endswith("add --epochs 60.")


def test_a_default_that_no_trial_beat_is_not_sold_as_found(tmp_path):
    said = _training_in_words(tmp_path, Trial(0, Suggestion({}), "completed", value=1.0, loss=1.0, losses=(1.0,), best_epoch=1))
    assert "the default configuration" in said and "--epochs 60" not in said and "more --trials" in said


def _training_in_words(place, best):
    run = Run(place / "search", kind="search", config={})
    config = Config().override({"training.epochs": 30})
    return SearchResult(run, SearchConfig(), Space(dimensions={}), config, frozenset(), (), [best]).training_in_words()


def test_flat_names_of_a_file_are_settings(tmp_path):
    (tmp_path / "mine.json").write_text('{"learning_rate": 3e-4, "training.schedule": "none"}')
    found = read_hyperparameters(str(tmp_path / "mine.json"), tmp_path)
    assert found == {"training.learning_rate": 3e-4, "training.schedule": "none"}


def test_runs_shows_the_best_trial_and_the_next_command(summary, place):
    shown = CliRunner().invoke(create_app(), ["runs", "show", "first", "--runs-dir", str(place / "runs")]).stdout
    assert f"trial {summary['best']['number']}" in shown and "--hyperparameters" in shown.splitlines()[-1]
    listed = CliRunner().invoke(create_app(), ["runs", "list", "--runs-dir", str(place / "runs")]).stdout
    assert "trials" in listed


def test_another_engine_under_the_same_name_is_refused(summary, place):
    with pytest.raises(UserError, match="engine: 'optuna:tpe' there, 'random' asked for"):
        _call(_arguments(place, "--trials", "3", "--engine", "random", run="first"))


@pytest.mark.parametrize(("options", "words"), [
    (["--ray-address", "10.0.0.1:6379"], "needs --executor ray"), (["--executor", "ray"], "pip install .ray=="),
    (["--mirror", "nonsense"], "such as sqlite:///search.db"), (["--hours", "0"], "--hours: expected greater than 0"),
    (["--range", "model.dropout=0:0.3", "--range", "model.dropout=0:0.5"], "two ranges"),
])
def test_options_that_cannot_be_meant_are_refused_before_anything_runs(place, monkeypatch, options, words):
    monkeypatch.setitem(sys.modules, "ray", None)  # as if it were not installed
    with pytest.raises(UserError, match=words):
        _call(_arguments(place, *options, run="never"))
    assert not (place / "runs" / "never").exists()


def test_the_process_of_the_command_loads_no_backend(place):
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom car_classifier.cli import create_app\n"
        "result = CliRunner().invoke(create_app(), sys.argv[1:])\n"
        "print(result.exception, [name for name in ('keras', 'tensorflow', 'jax', 'torch') if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", script, *_arguments(place, "--trials", "1", run="light")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1] == "None []"
