"""`report` as a user types it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from car_classifier.base.files import read_json, write_json
from car_classifier.cli import create_app
from tests.car_classifier.picture_folder import draw_picture_folder


def _call(*arguments):
    result = CliRunner().invoke(create_app(), [*map(str, arguments), "--json"])
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout.splitlines()[-1]), result.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A run on folders with a test split, and one without."""
    place = tmp_path_factory.mktemp("report")
    draw_picture_folder(place / "cars")
    for name, data in (("tested", place / "cars"), ("untested", place / "cars" / "train")):
        _call("train", "--data", data, "--model", "model1", "--image-size", 16, "--epochs", 1, "--run", name,
              "--runs-dir", place / "runs")
    return place


def _report(place, name):
    written, said = _call("report", name, "--runs-dir", place / "runs")
    return Path(written["report"]).read_text(encoding="utf-8"), said


def test_report_of_a_training_shows_pictures_and_opens_no_test_split(place):
    page, _ = _report(place, "tested")
    assert "of 12 test pictures named rightly" in page
    assert page.count("data:image/jpeg;base64,") > 12
    assert "What the model looked at" in page and "most alike in training" in page
    assert read_json(place / "runs" / "tested" / "run.json")["evaluations_of_test"] == 1
    assert (place / "runs" / "tested" / "model_card.md").is_file()


def test_without_a_test_split_validation_is_evaluated_and_shown(place):
    assert "validation pictures named rightly" in _report(place, "untested")[0]


def test_pictures_that_are_gone_leave_the_figures(place):
    hidden = place / "cars" / "test" / "red car"
    hidden.rename(place / "gone")
    try:
        page, said = _report(place, "tested")
    finally:
        (place / "gone").rename(hidden)
    assert "Without pictures: " in said and "data:image/jpeg" not in page and "Every class" in page


def test_the_winner_of_a_search_is_shown_with_its_search(place):
    source, search = place / "runs" / "tested", place / "runs" / "found"
    search.mkdir()
    write_json(search / "search.json", {})
    shutil.copytree(source / "plots", search / "plots")
    record = read_json(source / "run.json")
    shutil.copytree(source, place / "runs" / "winner")
    write_json(place / "runs" / "winner" / "run.json", record | {"hyperparameters": str(search)})
    assert "The search before it" in _report(place, "winner")[0]
    assert "The search before it" not in _report(place, "tested")[0]
