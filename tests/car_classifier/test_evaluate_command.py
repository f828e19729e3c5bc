"""`evaluate` on folders without splits, as a user types it."""

import csv
import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import DataError
from car_classifier.base.files import read_json
from car_classifier.cli import create_app
from car_classifier.evaluate_command import in_classes
from car_classifier.model_file import ModelCard, read_card
from data.geometry import PictureGeometry
from data.readers.class_folders import read_class_folders
from results.run_record import read_run
from results.run_store import EVALUATION_FILES
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


def test_the_share_set_apart_is_tested_and_found_again_and_other_pictures_are_evaluated_whole(place):
    options = ("--data-dir", place / "home", "--model", "model1", "--image-size", 16, "--runs-dir", place / "runs")
    summary = _call("train", "--data", place / "cars" / "train", *options, "--epochs", 1, "--run", "apart", "--seed", 1,
                    "--set", "data.test_fraction=0.25")
    again = _call("evaluate", "apart", "--runs-dir", place / "runs")
    assert again["split"] == "test" and again["num_pictures"] == 9
    assert again["loss"] == summary["test"]["loss"]
    for data, pictures in ((place / "cars" / "test", 12), (place / "cars", 12)):  # without a test split, and with one
        assert _call("evaluate", "apart", "--data", data, "--runs-dir", place / "runs")["num_pictures"] == pictures


def test_of_one_of_the_joined_sources_the_pictures_set_apart_are_tested(place):
    shutil.copytree(place / "cars" / "test", place / "few")
    both = f"{place / 'cars' / 'train'}+{place / 'few'}"
    _call("train", "--data", both, "--data-dir", place / "home", "--model", "model1", "--image-size", 16, "--epochs", 1,
          "--run", "both", "--runs-dir", place / "runs", "--set", "data.test_fraction=0.25", "--limit", 8)
    joined = {row["file"].rpartition("train/")[2] for row in _rows(place / "runs" / "both") if "few/" not in row["file"]}
    figures = _call("evaluate", "both", "--data", place / "cars" / "test" / ".." / "train", "--runs-dir", place / "runs")
    rows = _rows(place / "runs" / "both" / "evaluations" / "train-test")
    alone = {row["file"].rpartition("train/")[2] for row in rows}
    assert figures["split"] == "test" and alone == joined and len(alone) == 6


def test_mirror_images_are_averaged_beside_the_plain_evaluation(place):
    plain = _call("evaluate", "plain", "--runs-dir", place / "runs")
    figures = _call("evaluate", "plain", "--tta", "--runs-dir", place / "runs")
    tta = figures["tta"]
    assert tta["accuracy_plain"] == plain["accuracy"] and tta["gain"] == pytest.approx(figures["accuracy"] - plain["accuracy"])
    assert tta["seconds"] > tta["seconds_plain"] > 0 and tta["gain_low"] <= tta["gain"] <= tta["gain_high"]
    assert (place / "runs" / "plain" / "evaluations" / "train-validation-tta" / "evaluation.json").is_file()


def _newest_rows(place):
    folders = (place / "runs" / "plain" / "evaluations").glob("train-validation*/")
    return _rows(max(folders, key=lambda path: path.stat().st_mtime))


def _rows(folder):
    with open(folder / "predictions.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_groups_of_a_file_have_figures_of_their_own(place):
    names = [row["class_name"] for row in _call("evaluate", "plain", "--runs-dir", place / "runs")["per_class"]]
    kinds = dict(zip(names, ("cold", "cold", "warm"), strict=True))
    (place / "groups.csv").write_text("class_name,kind\n" + "".join(f"{name},{kind}\n" for name, kind in kinds.items()))
    figures = _call("evaluate", "plain", "--runs-dir", place / "runs", "--hierarchy", place / "groups.csv")
    right = []
    for row in _newest_rows(place):
        cold = sum(float(row[f"probability_{n}"]) for n in (1, 2, 3) if kinds[row[f"class_{n}"]] == "cold")
        right.append((cold > 0.5) == (kinds[row["true_class"]] == "cold"))
    (level,) = figures["levels"]
    assert (level["name"], level["num_groups"]) == ("kind", 2)
    assert level["accuracy"] == pytest.approx(np.mean(right))


def test_figures_are_those_of_the_calibrated_probabilities_in_predictions(place):
    figures = _call("evaluate", "plain", "--runs-dir", place / "runs")
    assert figures["temperature"] == read_card(place / "runs" / "plain").temperature != 1
    rows = _newest_rows(place)
    true = [float(row[f"probability_{n}"]) for row in rows for n in (1, 2, 3) if row[f"class_{n}"] == row["true_class"]]
    assert figures["loss"] == pytest.approx(-np.log(true).mean(), rel=1e-4)
    assert figures["loss_uncalibrated"] > figures["loss"]  # it was fitted on these very pictures


@pytest.fixture(scope="module")
def unopened(tmp_path_factory):
    """Runs whose test split was left closed."""
    place = tmp_path_factory.mktemp("unopened")
    draw_picture_folder(place / "cars")
    for kind in ("none", "validation"):
        _call("train", "--data", place / "cars", "--data-dir", place / "home", "--model", "model1", "--image-size", 16,
              "--epochs", 1, "--run", kind, "--runs-dir", place / "runs", "--evaluate-on", kind)
    return place


@pytest.mark.parametrize("kind", ["none", "validation"])
def test_a_test_split_opened_later_is_the_run_s_own_result(unopened, kind):
    figures = _call("evaluate", kind, "--split", "test", "--runs-dir", unopened / "runs")
    folder = unopened / "runs" / kind
    assert read_json(folder / "evaluation.json")["evaluated"]["split"] == "test"
    assert read_json(folder / "run.json")["summary"]["test"]["accuracy"] == figures["accuracy"]
    assert (folder / "evaluations" / "cars-validation" / "predictions.csv").is_file() == (kind == "validation")
    assert read_run(folder).split == "test"


def test_the_test_split_given_by_another_path_is_counted(unopened):
    shutil.copytree(unopened / "cars", unopened / "copy" / "cars")
    before = read_json(unopened / "runs" / "none" / "run.json")["evaluations_of_test"]
    _call("evaluate", "none", "--data", unopened / "copy" / "cars", "--split", "test", "--runs-dir", unopened / "runs")
    assert read_json(unopened / "runs" / "none" / "run.json")["evaluations_of_test"] == before + 1


def test_an_evaluation_of_other_pictures_is_none_of_the_run(unopened):
    draw_picture_folder(unopened / "more" / "cars", train=20)
    shutil.copytree(unopened / "runs" / "none", folder := unopened / "runs" / "closed")
    for name in EVALUATION_FILES:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "evaluations", ignore_errors=True)
    _call("evaluate", "closed", "--data", unopened / "more" / "cars", "--split", "validation", "--runs-dir", unopened / "runs")
    assert len(list(folder.glob("evaluations/*-validation/predictions.csv"))) == 1 and read_run(folder).split is None


def _card(*class_names, sources):
    levels = {"source": sources} if sources else {}
    return ModelCard(model_name="model1", data="photos+walks", class_names=class_names, levels=levels,
                     geometry=PictureGeometry(image_size=16, cut_to_box=False, box_margin=0.0))


def test_a_joint_model_knows_the_classes_of_one_source_by_their_plain_names(tmp_path):
    dataset = read_class_folders(draw_picture_folder(tmp_path / "walks", train=2))
    shared, *others = dataset.class_names
    names = (f"photos: {shared}", f"walks: {shared}", *others)
    found = in_classes(dataset, _card(*names, sources=("photos", *["walks"] * (len(names) - 1))))
    assert found.class_names == names and set(found.splits["train"].labels.tolist()) == set(range(1, len(names)))


def test_a_prefixed_class_of_another_source_is_not_known(tmp_path):
    dataset = read_class_folders(draw_picture_folder(tmp_path / "parks", train=2))
    shared, *others = dataset.class_names
    names = (f"photos: {shared}", f"walks: {shared}", *others)
    with pytest.raises(DataError, match=f"does not know: {shared}"):
        in_classes(dataset, _card(*names, sources=("photos", *["walks"] * (len(names) - 1))))
