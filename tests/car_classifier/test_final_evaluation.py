"""The evaluation at the end of a training opens the test split once, interrupted or not."""

import json

import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import ResourceError
from car_classifier.base.files import read_json
from car_classifier.cli import create_app
from tests.car_classifier.picture_folder import draw_picture_folder


def _train(place):
    return CliRunner().invoke(create_app(), [*map(str, (
        "train", "--data", place / "cars", "--model", "model1", "--image-size", 16, "--epochs", 1, "--run", "broken",
        "--runs-dir", place / "runs", "--json"))])


def test_a_run_that_dies_after_the_test_split_was_written_does_not_open_it_again(tmp_path, monkeypatch):
    draw_picture_folder(tmp_path / "cars")
    folder = tmp_path / "runs" / "broken"

    def dies(*_, **__):
        raise ResourceError("The disk is full.")

    with monkeypatch.context() as patched, pytest.raises(ResourceError):
        patched.setattr("car_classifier.training_run.check_reload", dies)
        raise _train(tmp_path).exception
    written = (folder / "predictions.csv").stat()
    summary = json.loads(_train(tmp_path).stdout.splitlines()[-1])
    assert read_json(folder / "run.json")["evaluations_of_test"] == 1
    assert (folder / "predictions.csv").stat() == written
    assert summary["test"]["accuracy"] == read_json(folder / "evaluation.json")["accuracy"]
