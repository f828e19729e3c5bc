"""`evaluate` on folders without splits, as a user types it."""

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from car_classifier.cli import create_app
from car_classifier.model_file import read_card
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


def test_mirror_images_are_averaged_beside_the_plain_evaluation(place):
    plain = _call("evaluate", "plain", "--runs-dir", place / "runs")
    figures = _call("evaluate", "plain", "--tta", "--runs-dir", place / "runs")
    tta = figures["tta"]
    assert tta["accuracy_plain"] == plain["accuracy"] and tta["gain"] == pytest.approx(figures["accuracy"] - plain["accuracy"])
    assert tta["seconds"] > tta["seconds_plain"] > 0 and tta["gain_low"] <= tta["gain"] <= tta["gain_high"]
    assert (place / "runs" / "plain" / "evaluations" / "train-validation-tta" / "evaluation.json").is_file()


def test_groups_of_a_file_have_figures_of_their_own(place):
    names = [row["class_name"] for row in _call("evaluate", "plain", "--runs-dir", place / "runs")["per_class"]]
    (place / "groups.csv").write_text("class_name,kind\n" + "".join(f"{name},thing\n" for name in names))
    figures = _call("evaluate", "plain", "--runs-dir", place / "runs", "--hierarchy", place / "groups.csv")
    (level,) = figures["levels"]
    assert (level["name"], level["num_groups"], level["accuracy"]) == ("kind", 1, 1.0)


def test_figures_are_those_of_the_calibrated_probabilities_in_predictions(place):
    figures = _call("evaluate", "plain", "--runs-dir", place / "runs")
    assert figures["temperature"] == read_card(place / "runs" / "plain").temperature != 1
    folder = max((place / "runs" / "plain" / "evaluations").glob("train-validation*/"), key=lambda path: path.stat().st_mtime)
    with open(folder / "predictions.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    true = [float(row[f"probability_{n}"]) for row in rows for n in (1, 2, 3) if row[f"class_{n}"] == row["true_class"]]
    assert figures["loss"] == pytest.approx(-np.log(true).mean(), rel=1e-4)
    assert figures["loss_uncalibrated"] > figures["loss"]  # it was fitted on these very pictures
