"""`predict` as a user types it."""

import csv
import json
import re
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import DataError, UserError
from car_classifier.cli import create_app
from car_classifier.model_file import read_card, replace_card
from tests.car_classifier.picture_folder import COLOURS, draw_picture_folder


def _call(*arguments):
    return CliRunner().invoke(create_app(), [*map(str, arguments)])


def _predict(place, *arguments, run="cars"):
    done = _call("predict", run, *arguments, "--runs-dir", place / "runs", "--json")
    if done.exception is not None:
        raise done.exception
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A run on pictures whose colour tells the class."""
    place = tmp_path_factory.mktemp("predict")
    draw_picture_folder(place / "cars", train=24, test=5)
    done = _call("train", "--data", place / "cars", "--model", "model1", "--image-size", 16, "--epochs", 6, "--batch-size", 8,
                 "--run", "cars", "--runs-dir", place / "runs", "--set", "augmentation.augment=false")
    assert done.exception is None, done.output
    return place


@pytest.fixture(scope="module")
def evaluated(place):
    """Lines of the predictions.csv that the training left, by file."""
    with open(place / "runs" / "cars" / "predictions.csv", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("batch_size", [1, 7, 32])
def test_answers_are_those_of_evaluate_whatever_the_batch(place, evaluated, batch_size):
    found = _predict(place, place / "cars" / "test", "--batch-size", batch_size)
    assert {row["file"] for row in found["predictions"]} == set(evaluated)
    for row in found["predictions"]:
        expected = evaluated[row["file"]]
        assert [answer["class_name"] for answer in row["classes"]] == [expected[f"class_{n}"] for n in (1, 2, 3)]
        probabilities = [answer["probability"] for answer in row["classes"]]
        assert probabilities == pytest.approx([float(expected[f"probability_{n}"]) for n in (1, 2, 3)], abs=1e-5)
        assert sum(probabilities) == pytest.approx(1)


def test_keys_of_a_prediction(place):
    picture = next((place / "cars" / "test").glob("*/000.png"))
    found = _predict(place, picture, "--top", 2)
    assert set(found) == {"run", "predictions", "skipped"} and found["skipped"] == []
    (row,) = found["predictions"]
    assert set(row) == {"file", "classes", "set", "answer", "unknown"} and len(row["classes"]) == 2
    assert row["classes"][0]["class_name"] in row["set"]


def test_bad_files_are_named_and_all_others_answered(place, tmp_path):
    (tmp_path / "bad.jpg").write_text("no picture")
    good = sorted((place / "cars" / "test").glob("*/000.png"))
    done = _call("predict", "cars", good[0], tmp_path / "bad.jpg", *good[1:], tmp_path / "missing.png",
                 "--runs-dir", place / "runs", "--json", "--csv", tmp_path / "out.csv")
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(done.exception, DataError) and done.exception.exit_status == 3
    assert [row["file"] for row in found["predictions"]] == list(map(str, good))
    assert [row["file"] for row in found["skipped"]] == [str(tmp_path / "bad.jpg"), str(tmp_path / "missing.png")]
    with open(tmp_path / "out.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [bool(line["skipped"]) for line in lines] == [False, True, False, False, True]
    assert lines[0]["class_1"] in COLOURS and float(lines[0]["probability_1"]) > 1 / 3


def test_a_higher_coverage_gives_larger_sets(place):
    sizes = [
        np.mean([len(row["set"]) for row in _predict(place, place / "cars" / "test", "--coverage", coverage)["predictions"]])
        for coverage in (0.3, 0.999)
    ]
    assert sizes[0] < sizes[1] == 3  # no 10 validation pictures can promise 99.9 %


def _copy_run(place, name, **changes):
    """Copy the run; `changes` are fields of its card."""
    shutil.copytree(place / "runs" / "cars", place / "runs" / name)
    card = read_card(place / "runs" / name)
    replace_card(place / "runs" / name / "model.keras", card.model_copy(update=changes))


def test_pictures_below_the_limit_are_unknown_and_get_no_answer(place):
    thresholds = read_card(place / "runs" / "cars").thresholds
    _copy_run(place, "strict", thresholds=thresholds.model_copy(update={"unknown_below": 2.0}))
    for row in _predict(place, place / "cars" / "test", "--certainty", 0, run="strict")["predictions"]:
        assert row["unknown"] is True and row["answer"] is None
    for row in _predict(place, place / "cars" / "test", "--certainty", 0)["predictions"]:
        assert row["answer"] is None if row["unknown"] else row["answer"]["level"] == "class"


def test_a_model_of_an_earlier_version_answers_without_sets(place):
    _copy_run(place, "old", thresholds=None, temperature=1.0)
    picture = next((place / "cars" / "test").glob("*/000.png"))
    done = _call("predict", "old", picture, "--runs-dir", place / "runs", "--json")
    (row,) = json.loads(done.stdout.splitlines()[-1])["predictions"]
    assert row["set"] is None and row["unknown"] is None and row["answer"] is not None
    assert "no temperature and no thresholds" in " ".join(done.stderr.split())


def test_groups_of_a_file_are_answered_when_no_class_is_sure(place, tmp_path):
    kinds = {name: "warm" if name == "red car" else "cold" for name in COLOURS}
    (tmp_path / "groups.csv").write_text("class_name,kind\n" + "".join(f"{name},{kind}\n" for name, kind in kinds.items()))
    _copy_run(place, "unsure", temperature=50.0)  # every class gets about a third
    asked = (place / "cars" / "test", "--hierarchy", tmp_path / "groups.csv", "--certainty", 0.5)
    known = [row["answer"] for row in _predict(place, *asked, run="unsure")["predictions"] if not row["unknown"]]
    assert known and all(answer["level"] == "kind" and answer["name"] == "cold" for answer in known)


def test_nothing_to_answer_is_the_users_mistake(place, tmp_path):
    with pytest.raises(UserError, match="No pictures"):
        _predict(place, tmp_path)


def test_the_table_names_picture_class_and_set(place):
    picture = next((place / "cars" / "test" / "red car").glob("*.png"))
    done = _call("predict", "cars", picture, "--runs-dir", place / "runs")
    assert done.exception is None
    assert "picture and answer" in done.stdout and re.search(r"90 % set: .*red car", done.stdout)


def test_the_end_counts_answers_and_names_what_is_no_picture(place, tmp_path):
    shutil.copy(next((place / "cars" / "test" / "red car").glob("*.png")), tmp_path / "a.png")
    (tmp_path / "bad.jpg").write_text("no picture")
    (tmp_path / "notes.txt").write_text("no picture either")
    said = _call("predict", "cars", tmp_path, "--runs-dir", place / "runs", "--csv", tmp_path / "out.csv").stderr
    assert re.search(r"2 pictures: 1 (answered|unsure|unknown), 1 skipped", said)
    assert "Passed over, being no pictures: 1 file (notes.txt)" in said


def test_a_model_of_boxes_says_how_many_pictures_it_took_whole(place):
    shutil.copytree(place / "runs" / "cars", place / "runs" / "boxed")
    card = read_card(place / "runs" / "boxed")
    geometry = card.geometry.model_copy(update={"cut_to_box": True})
    replace_card(place / "runs" / "boxed" / "model.keras", card.model_copy(update={"geometry": geometry}))
    pictures = sorted((place / "cars" / "test").glob("*/000.png"))
    done = _call("predict", "boxed", *pictures, place / "nothing.png", "--runs-dir", place / "runs")
    assert isinstance(done.exception, DataError)
    assert "cut to their boxes; 3 without a box were taken whole" in " ".join(done.output.split())
