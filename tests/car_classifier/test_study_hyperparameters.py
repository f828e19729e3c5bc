"""Rows of a study that take what a search found."""

import shlex
from pathlib import Path

import pytest

from car_classifier.base.files import write_json
from car_classifier.comparison_plan import plan_members
from car_classifier.config import parse_assignments
from car_classifier.study import known_studies, read_study
from car_classifier.study_command import StudyRequest, comparison_of
from tests.car_classifier.picture_folder import draw_picture_folder

FOUND = {"training.batch_size": 128, "training.schedule": "none", "augmentation.strength": 1.7, "training.learning_rate": 3e-3}
SEARCHED = ("training.batch_size",)  # what `first` leaves to the search though the file gives it
TUNED = [(name, row.name) for name in known_studies() for row in read_study(name)[1].rows() if row.hyperparameters != "default"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return str(draw_picture_folder(tmp_path_factory.mktemp("pictures") / "cars", train=2, test=1))


def found(folder, values):
    best = {"format": 1, "monitor": "val_loss", "value": 1.0, "values": values, "settings": {"training.epochs": 2}}
    write_json(folder / "best.json", best)
    write_json(folder / "run.json", {"format": 1, "kind": "search"})


def config_of(name, row, pictures, runs_dir, **given):
    settings = {"data.source": pictures, **{name.replace("__", "."): value for name, value in given.items()}}
    request = comparison_of(StudyRequest(study=str(name), settings=settings, seeds=1, data_dir=Path("no folder"), run=None,
                                         runs_dir=runs_dir))
    (member,) = [member for member in plan_members(request) if member.variant == row]
    return member


@pytest.mark.parametrize(("name", "row"), TUNED)
def test_a_row_trains_with_what_its_search_found_and_for_as_long_as_the_study_says(name, row, pictures, tmp_path):
    study = read_study(name)[1]
    (variant,) = [variant for variant in study.rows() if variant.name == row]
    found(tmp_path / variant.hyperparameters, FOUND)
    member = config_of(name, row, pictures, tmp_path)
    settings = dict(member.config.flat())
    assert {setting: settings[setting] for setting in FOUND} == FOUND
    assert settings["training.epochs"] == study.epochs and settings["augmentation.preset"] == "cifar"
    assert {"training.batch_size=128", "augmentation.strength=1.7"} <= set(member.training)


@pytest.mark.parametrize(("name", "row"), TUNED)
def test_what_the_user_says_goes_before_what_a_search_found(name, row, pictures, tmp_path):
    found(tmp_path / "tuned-simple_cnn", FOUND)
    training = config_of(name, row, pictures, tmp_path, training__batch_size=4).config.training
    assert (training.batch_size, training.learning_rate) == (4, 3e-3)


def test_settings_of_a_row_go_before_its_hyperparameters(pictures, tmp_path):
    (tmp_path / "own.toml").write_text(
        'title = "T"\nquestion = "?"\nmodel = "model1"\n[settings]\ntraining.batch_size = 8\n[[variants]]\nname = "default"\n'
        '[[variants]]\nname = "tuned"\nhyperparameters = "search"\nsettings.training.learning_rate = 0.5\n'
    )
    found(tmp_path / "search", FOUND)
    tuned = config_of(tmp_path / "own.toml", "tuned", pictures, tmp_path).config.training
    default = config_of(tmp_path / "own.toml", "default", pictures, tmp_path).config.training
    assert (tuned.batch_size, tuned.learning_rate, default.batch_size) == (128, 0.5, 8)


@pytest.mark.parametrize(("name", "row"), TUNED)
def test_the_search_that_comes_first_is_under_the_settings_of_the_study(name, row):
    study = read_study(name)[1]
    words = shlex.split(next(variant.first for variant in study.rows() if variant.name == row))
    options = list(zip(words, words[1:], strict=False))
    asked = parse_assignments([value for option, value in options if option == "--set"])
    source = dict(options)["--data"].replace("{data}", study.data)
    asked |= {"data.source": source, "training.epochs": int(dict(options)["--epochs"])}
    assert asked == {setting: value for setting, value in study.settings_of_all().items() if setting not in SEARCHED}
