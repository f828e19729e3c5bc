import json
import os
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from car_classifier import model_listing
from car_classifier.cli import create_app
from models.registry import MODELS

KEYS = {"name", "parameters", "trainable_parameters", "gflops", "image_size", "weights_at_hand", "published"}
WEIGHTS = {  # with 196 classes and pictures of 224×224: all, and those that train when nothing is frozen
    "alexnet": (47_605_796, None),
    "vgg16": (27_859_652, 27_859_652),
    "resnet50": (27_892_036, None),
    "densenet121": (33_224_132, 33_140_484),
    "imagenet": (78_223_684, 78_170_564),
    "efficientnetb0": (37_497_671, 37_455_648),
    "inceptionv3": (24_529_764, 24_495_332),
}
GFLOPS = {"vgg16": 30.7, "resnet50": 7.7, "efficientnetb0": 0.79, "densenet121": 5.7}  # published backbones, twice MACs


def list_models(home, *options):
    environment = {"COLUMNS": "80", "CAR_CLASSIFIER_HOME": str(home)}
    return CliRunner().invoke(create_app(), ["models", "--data-dir", str(home), *options], env=environment)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Folder in which the models of the source are counted at 196 classes and 224×224."""
    folder = tmp_path_factory.mktemp("home")
    assert list_models(folder, *WEIGHTS, "--num-classes", "196", "--image-size", "224", "--json").exit_code == 0
    return folder


@pytest.fixture(scope="module")
def rows(home):
    answer = list_models(home, *WEIGHTS, "--num-classes", "196", "--image-size", "224", "--json")
    return {row["name"]: row for row in json.loads(answer.stdout)["models"]}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Folder in which everything is counted for pictures that few models can take."""
    folder = tmp_path_factory.mktemp("small")
    assert list_models(folder, "--image-size", "8", "--json").exit_code == 0
    return folder


def test_json_lists_every_model_with_the_keys_promised(small):
    rows = json.loads(list_models(small, "--image-size", "8", "--json").stdout)["models"]
    assert [row["name"] for row in rows] == list(MODELS)
    assert all(row.keys() >= KEYS and row["weights_at_hand"] is False for row in rows)


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_count_as_specified_to_the_unit(rows, name):
    total, trainable = WEIGHTS[name]
    assert rows[name]["parameters"] == total
    assert trainable is None or rows[name]["trainable_parameters"] == trainable


def test_a_head_that_flattens_explains_its_many_weights(home):
    shown = list_models(home, "efficientnetb0", "resnet50", "--num-classes", "196", "--image-size", "224").stdout
    assert "weights: in efficientnetb0 the head reads every place" in shown


@pytest.mark.parametrize("name", GFLOPS)
def test_operations_are_close_to_the_published_ones(rows, name):
    assert rows[name]["gflops"] == pytest.approx(GFLOPS[name], rel=0.07)


def test_counted_models_are_listed_without_keras(home):
    code = (
        "import sys; from typer.testing import CliRunner; from car_classifier.cli import create_app\n"
        "options = ['models', 'vgg16', '--image-size', '224', '--data-dir', sys.argv[1], '--json']\n"
        "answer = CliRunner().invoke(create_app(), options)\n"
        "print(answer.exit_code, answer.stdout.count('\\n'), repr(answer.stderr), 'keras' in sys.modules)"
    )
    environment = {**os.environ, "CAR_CLASSIFIER_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", code, str(home)], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout == "0 1 '' False\n"


def test_weights_on_the_disk_are_at_hand(home, tmp_path):
    shutil.copy(home / "model_costs.json", tmp_path)
    published = MODELS["resnet50"].weights[0]
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / published.file_name).touch()
    answer = json.loads(list_models(tmp_path, *WEIGHTS, "--image-size", "224", "--json").stdout)["models"]
    assert [row["name"] for row in answer if row["weights_at_hand"]] == ["resnet50", "imagenet"]
    assert {row["licence"] for row in answer if row["weights_at_hand"]} == {published.licence}


def test_table_fits_80_columns_and_shows_counts(home):
    answer = list_models(home, *WEIGHTS, "--image-size", "224")
    # Addresses and, in the last paragraph, paths and commands are not broken.
    lines = answer.stdout.rpartition("\n\n")[0].splitlines()
    assert all(len(line) <= 80 for line in lines if "https://" not in line)
    assert all(f"{total:,}" in answer.stdout for total, _ in WEIGHTS.values())


def test_next_command_names_a_model_that_is_listed_with_the_settings(home, tmp_path):
    start = "Next: python -m car_classifier train --data demo --model"
    assert list_models(home, "vgg16", "--image-size", "224").stdout.splitlines()[-1] == f"{start} vgg16"
    answer = list_models(tmp_path, "model1", "--image-size", "32", "--set", "model.dropout=0.3")
    assert answer.stdout.splitlines()[-1] == f"{start} model1 --set model.dropout=0.3"
    assert "operations of 1 model, once" in answer.stderr


def test_address_and_file_name_of_published_weights_are_shown_whole(small):
    lines = [line.strip() for line in list_models(small, "--image-size", "8").stdout.splitlines()]
    for entry in MODELS.values():
        assert all(weights.url in lines and weights.file_name in lines for weights in entry.scaled().weights)


def test_model_that_needs_larger_pictures_is_listed_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(model_listing, "MODELS", {"alexnet": MODELS["alexnet"]})
    row = json.loads(list_models(tmp_path, "--image-size", "32", "--json").stdout)["models"][0]
    assert row["parameters"] is row["trainable_parameters"] is row["gflops"] is None
    assert row["reason"] == "needs pictures of at least 67×67 pixels"
    answer = list_models(tmp_path, "--image-size", "32")
    assert answer.exit_code == 0 and "– alexnet needs pictures of at least 67×67 pixels" in answer.stdout


def test_counts_that_cannot_be_kept_are_shown_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(model_listing, "MODELS", {"model1": MODELS["model1"]})
    (tmp_path / "home").touch()
    answer = list_models(tmp_path / "home", "--image-size", "32", "--json")
    assert answer.exit_code == 0 and "could not be kept" in answer.stderr
    assert json.loads(answer.stdout)["models"][0]["parameters"] > 0


def test_huge_pictures_are_counted_without_holding_the_weights(tmp_path, monkeypatch):
    monkeypatch.setattr(model_listing, "MODELS", {"vgg16": MODELS["vgg16"]})
    row = json.loads(list_models(tmp_path, "--image-size", "16384", "--json").stdout)["models"][0]
    assert row["parameters"] > 60e9  # 240 GB, if they were made


def test_settings_are_compared_with_the_same_model_without_them(tmp_path):
    options = ("squeezenet", "--image-size", "64", "--set", "model.scra_after_stages=[1]")
    row = json.loads(list_models(tmp_path, *options, "--json").stdout)["models"][0]
    plain = json.loads(list_models(tmp_path, "squeezenet", "--image-size", "64", "--json").stdout)["models"][0]
    assert row["parameters"] - plain["parameters"] == 128 * 128 + 128
    assert row["parameters_percent"] == pytest.approx(100 * (128 * 128 + 128) / plain["parameters"])
    assert plain["parameters_percent"] is None and row["gflops_percent"] > 0
    answer = list_models(tmp_path, *options)
    assert answer.stderr == "" and f"{row['parameters_percent']:+.2f} %" in answer.stdout


def test_settings_alone_list_the_models_that_can_have_them(tmp_path):
    rows = json.loads(list_models(tmp_path, "--set", "model.filters=[8]", "--json").stdout)["models"]
    assert [row["name"] for row in rows] == ["simple_cnn"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("vgg61",), "Did you mean 'vgg16'"),
        (("model1", "--set", "model.scra_after_stages=[1]"), "which has no stages"),
        (("--set", "model.stochastic_depth=2"), "No model can have these settings"),
        (("--set", "model.scaling=b9"), "`scaling` must be one of b0, b1"),
        (("--set", "training.epochs=3"), "training.epochs does not change what a model costs"),
        (("--set", "model.se_after_stage=[1]"), "Did you mean 'model.se_after_stages'"),
    ],
)
def test_names_and_settings_that_do_not_fit_are_refused(tmp_path, options, message):
    answer = list_models(tmp_path, *options)
    assert answer.exit_code != 0 and message in str(answer.exception)
