"""`evaluate` on folders without splits, as a user types it."""

import json

import pytest
from typer.testing import CliRunner

from car_classifier.cli import create_app
from tests.car_classifier.picture_folder import draw_picture_folder


def _call(*arguments):
    result = CliRunner().invoke(create_app(), [*map(str, arguments), "--json"])
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A run that was trained on a plain folder of class folders."""
    place = tmp_path_factory.mktemp("plain")
    draw_picture_folder(place / "cars")
    _call(
        "train", "--data", place / "cars" / "train", "--data-dir", place / "home", "--model", "model1", "--image-size", 16,
        "--epochs", 1, "--run", "plain", "--runs-dir", place / "runs",
    )
    return place


def test_without_a_test_split_validation_is_evaluated(place):
    assert _call("evaluate", "plain", "--runs-dir", place / "runs")["split"] == "validation"


def test_of_other_pictures_without_splits_all_are_evaluated(place):
    figures = _call("evaluate", "plain", "--data", place / "cars" / "test", "--runs-dir", place / "runs")
    assert figures["num_pictures"] == len(list((place / "cars" / "test").glob("*/*")))
