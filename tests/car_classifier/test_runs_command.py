import json

import pytest
from typer.testing import CliRunner

from car_classifier.cli import create_app
from car_classifier.config import Config
from car_classifier.defaults import jsonable
from results.run_store import Run

FIGURES = {"accuracy": 0.5, "accuracy_low": 0.4, "accuracy_high": 0.6, "num_pictures": 80}
SUMMARY = {"model": "model1", "data": "demo", "epochs": 3, "best_epoch": 2, "validation": FIGURES, "test": None,
           "seconds": 75.0, "cpu_seconds": 80.0}


@pytest.fixture
def runs_dir(tmp_path):
    run = Run(tmp_path / "mine", kind="train", config=jsonable(Config().override({"training.epochs": 7})))
    run.begin(["train", "--data", "my cars"])
    run.finish(SUMMARY)
    run.release()
    return tmp_path


def runs(*words):
    return CliRunner().invoke(create_app(), ["runs", *map(str, words)], env={"COLUMNS": "80"})


def test_list_shows_each_run_on_stdout(runs_dir):
    line = runs("list", "--runs-dir", runs_dir).stdout.splitlines()[1]
    assert line.startswith("mine  done") and line.endswith("50.0 %     –  1 min 15 s")


def test_list_counts_one_trial_in_the_singular(tmp_path):
    run = Run(tmp_path / "found", kind="search", config={})
    run.begin(["search"])
    run.release()
    (run.folder / "search.json").write_text("{}")
    (run.folder / "trials").mkdir()
    (run.folder / "trials" / "0.pkl").touch()
    assert "1 trial " in runs("list", "--runs-dir", tmp_path).stdout


def test_list_of_an_empty_folder_says_how_to_start(tmp_path):
    assert "python -m car_classifier demo" in runs("list", "--runs-dir", tmp_path).stdout


def test_list_as_json_is_all_of_stdout(runs_dir):
    row = json.loads(runs("list", "--runs-dir", runs_dir, "--json").stdout)["runs"][0]
    assert (row["run"], row["validation"], row["test"]) == ("mine", 0.5, None)


def test_show_names_changed_settings_and_figures(runs_dir):
    output = runs("show", "mine", "--runs-dir", runs_dir).stdout
    assert "training.epochs" in output and "7" in output
    assert "accuracy 0.5" in output and "num_pictures 80" in output


def test_show_of_a_finished_run_leads_to_its_report(runs_dir):
    output = runs("show", "mine", "--runs-dir", runs_dir).stdout
    assert output.splitlines()[-1] == f"Next: python -m car_classifier report {runs_dir / 'mine'}"


def test_show_of_an_unfinished_run_ends_with_the_command_that_goes_on(runs_dir, unfinished):
    last = runs("show", unfinished.name, "--runs-dir", runs_dir).stdout.splitlines()[-1]
    assert last == "Next: python -m car_classifier train --data 'my cars'"


@pytest.fixture
def unfinished(runs_dir):
    """Folder of a run that was stopped in its fourth epoch, after a fifth of a second."""
    run = Run(runs_dir / "half", kind="train", config=jsonable(Config().override({"training.epochs": 7})))
    run.begin(["train", "--data", "my cars"])
    steps = {"training": {"seconds": 0.2, "cpu_seconds": 0.3}}
    run.update(progress={"phase": "train", "epoch": 3, "epochs": 7}, steps=steps)
    run.stop("interrupted")
    run.release()
    return run.folder


def test_unfinished_run_shows_how_far_it_is(runs_dir, unfinished):
    line = next(line for line in runs("list", "--runs-dir", runs_dir).stdout.splitlines() if line.startswith("half"))
    assert "interrupted" in line and "train 3 of 7" in line and "0.2 s" in line
    shown = runs("show", "half", "--runs-dir", runs_dir).stdout
    assert "epoch 3 of 7, phase train" in shown and "0:00:00" not in shown


def test_run_that_died_is_listed_as_killed(runs_dir, unfinished):
    run = Run(unfinished, kind="train", config=jsonable(Config().override({"training.epochs": 7})))
    run.begin([])
    assert "running" in runs("list", "--runs-dir", runs_dir).stdout
    run.release()
    assert "killed" in runs("list", "--runs-dir", runs_dir).stdout


def test_delete_asks_first(runs_dir):
    command = ["runs", "delete", "mine", "--runs-dir", str(runs_dir)]
    assert "Nothing is deleted." in CliRunner().invoke(create_app(), command, input="n\n").output
    assert (runs_dir / "mine").is_dir()
    assert CliRunner().invoke(create_app(), [*command, "--yes"]).exit_code == 0
    assert not (runs_dir / "mine").exists()
