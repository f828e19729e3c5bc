"""The commands that have to come before a study ask for what the user asked of the study."""

import pytest

from car_classifier.base.files import write_json
from car_classifier.study import read_study
from car_classifier.study_command import StudyRequest, comparison_of
from car_classifier.study_first import with_given

SEARCH = "python -m car_classifier search --data {data} --model simple_cnn "
TASTE = {"data.limit": 10, "training.epochs": 1, "data.image_size": 16}


def tuned(given):
    _, study = read_study("cifar10-cnns")
    return next(row.first for row in with_given(study, given).rows() if row.hyperparameters != "default")


def source(given):
    return with_given(read_study("transfer")[1], given).first


def notes(runs_dir, settings):
    request = StudyRequest(study="cifar10-cnns", settings=settings, seeds=1, data_dir=None, run=None, runs_dir=runs_dir)
    return " ".join(comparison_of(request).notes)


def test_a_search_before_a_taste_of_a_study_is_a_taste_too(tmp_path):
    first = tuned(TASTE)
    assert first.startswith(SEARCH + "--epochs 1 --image-size 16 --set augmentation.augment=true")
    assert first.endswith("--trials 20 --limit 10 --run tuned-simple_cnn{places}")
    assert "--epochs 1 --image-size 16 " in notes(tmp_path, TASTE)


def test_without_options_the_search_is_as_in_the_file():
    assert tuned({}) == tuned({"data.source": "mine", "seed": 3}) == next(
        row.first for row in read_study("cifar10-cnns")[1].rows() if row.hyperparameters != "default")


def test_other_settings_stand_in_the_place_of_those_of_the_command():
    first = tuned({"training.schedule": "none", "data.classes": ["a b", "c"], "training.epochs": 90})
    assert "--epochs 90 " in first and "--set training.schedule=none " in first and "schedule=cosine" not in first
    assert """--trials 20 --set 'data.classes=["a b", "c"]' --run""" in first


def test_a_value_takes_the_place_of_a_range_of_the_command():
    _, study = read_study("cifar10-cnns")
    ranged = study.model_copy(update={"first": f"{SEARCH}--range 'training.batch_size=16|32' --run tuned{{places}}"})
    assert with_given(ranged, {"training.batch_size": 8}).first == f"{SEARCH.strip()} --batch-size 8 --run tuned{{places}}"


def test_what_is_no_training_stays_as_it_is():
    _, study = read_study("cifar10-cnns")
    assert with_given(study, TASTE).rows()[-1].first == study.rows()[-1].first


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({"data.limit": 3, "training.epochs": 1}, "--epochs 1 --batch-size 64 {} --run"),
        ({"data.limit": 100}, "--epochs 16 --batch-size 64 {} --run"),
        ({"data.limit": 100, "training.epochs": 40}, "--epochs 16 --batch-size 64 {} --run"),
        ({"training.batch_size": 8, "data.classes": ["dog", "frog"]}, "--epochs 16 --batch-size 8 {} --run"),
    ],
)
def test_a_network_to_transfer_from_has_all_pictures_and_no_more_epochs_than_its_own(given, options):
    first = source(given)
    assert options.format("--set augmentation.preset=cifar --set training.schedule=cosine") in first
    assert """'data.classes=["airplane","automobile","bird","cat","deer"]'""" in first and "frog" not in first


@pytest.mark.parametrize("classes", [["dog", "cat"], None])
def test_classes_that_the_network_knows_already_need_another_network(classes):
    assert source({"data.classes": classes}).startswith("train a network of this model on other classes")


def test_a_small_search_behind_a_larger_study_is_said(tmp_path):
    found = {"format": 1, "monitor": "val_loss", "value": 1.0, "values": {"training.batch_size": 8}, "settings": {}}
    write_json(tmp_path / "tuned-simple_cnn" / "best.json", found)
    write_json(tmp_path / "tuned-simple_cnn" / "run.json", {"format": 1, "kind": "search"})
    write_json(tmp_path / "tuned-simple_cnn" / "config.json", {"training.epochs": 1, "data.limit": 10})
    assert "tuned-simple_cnn had 1 epoch and at most 10 pictures a class, which is less than its" in notes(tmp_path, {})
    assert "which is less" not in notes(tmp_path, TASTE)
