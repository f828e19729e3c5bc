"""Commands on published data sets and on joined ones, as a user types them."""

import json

import pytest
from typer.testing import CliRunner

from car_classifier.cli import create_app
from car_classifier.model_file import read_card
from tests.data.readers.miniature_sets import write_aircraft, write_birds


def _call(place, *arguments):
    done = CliRunner().invoke(create_app(), [*map(str, arguments), "--runs-dir", str(place / "runs"), "--json"])
    if done.exception is not None:
        raise done.exception
    return json.loads(done.stdout.splitlines()[-1])


def _train(place, data, *settings):
    options = [option for setting in ("data.validation_fraction=0.5", *settings) for option in ("--set", setting)]
    return _call(place, "train", "--data", data, "--data-dir", place / "home", "--model", "model1", "--image-size", 16,
                 "--epochs", 1, "--batch-size", 8, "--run", "run", "--set", "augmentation.augment=false", *options)


@pytest.fixture
def place(tmp_path):
    write_birds(tmp_path / "home" / "cub200")
    write_aircraft(tmp_path / "home" / "fgvc_aircraft")
    return tmp_path


def test_model_of_joined_data_knows_the_groups_and_is_evaluated_on_each_source(place):
    _train(place, "cub200+fgvc_aircraft")
    levels = ["genus/family", "genus/manufacturer", "source"]
    assert [level["name"] for level in _call(place, "evaluate", "run")["levels"]] == levels
    alone = _call(place, "evaluate", "run", "--data", "fgvc_aircraft", "--split", "test")
    assert (alone["data"], alone["num_pictures"]) == ("fgvc_aircraft", 4)
    said = _call(place, "predict", "run", place / "home" / "cub200" / "images", "--certainty", 0.2)["predictions"]
    named = {prediction["answer"]["level"] for prediction in said if prediction["answer"]}
    assert named and named <= {"class", *levels}


def test_level_that_is_learnt_and_levels_above_it_travel_with_the_model(place):
    _train(place, "fgvc_aircraft", "data.label_level=family", 'data.classes=["Boeing 707", "F-16"]')
    card = read_card(place / "runs" / "run")
    assert (card.class_names, card.levels) == (("Boeing 707", "F-16"), {"manufacturer": ("Boeing", "Lockheed Corporation")})
    assert [level["name"] for level in _call(place, "evaluate", "run")["levels"]] == ["manufacturer"]


def test_moved_copy_of_the_pictures_is_known_as_the_runs_own_with_its_choice(place):
    _train(place, "fgvc_aircraft", "data.label_level=family", 'data.classes=["Boeing 707", "F-16"]')
    moved = (place / "home" / "fgvc_aircraft").rename(place / "planes")
    figures = _call(place, "evaluate", "run", "--data", moved, "--split", "validation")
    assert (figures["data"], figures["num_pictures"]) == ("planes", 2)
