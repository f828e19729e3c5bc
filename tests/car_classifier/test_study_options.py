"""What options change of a study, and what it says of that."""

import json
from dataclasses import replace

import pytest

from car_classifier.base.errors import DownloadError, UserError
from car_classifier.config import Config
from car_classifier.defaults import resolve_config
from car_classifier.study import read_study
from car_classifier.study_words import changes_in_words
from models.registry import MODELS
from tests.car_classifier.picture_folder import draw_picture_folder
from tests.car_classifier.study_comparison import comparison
from tests.data.readers.miniature_sets import write_aircraft


@pytest.mark.parametrize(("epochs", "words"), [
    (2, "Run with 2 epochs of the head alone instead of 10. So small a study"),
    (20, "Run with 20 epochs of the head alone instead of 10. So it answers"),
    (10, "The source names neither"),
])
def test_epochs_of_the_head_are_a_budget_of_the_rows_that_have_some(epochs, words):
    request = comparison("cifar100-three-ways", {"training.head_epochs": epochs})
    of_rows = [{**request.shared, **variant.settings}.get("training.head_epochs") for variant in request.variants]
    assert of_rows == [None, 0, epochs] and request.notes[-1].startswith(words)


@pytest.mark.parametrize("epochs", [1, 2, 8])
def test_epochs_of_the_head_that_differ_between_rows_are_what_the_study_varies(tmp_path, epochs):
    study = 'title = "H"\nquestion = "?"\n'
    for name, own in (("one", 2), ("other", 8)):
        study += f'[[variants]]\nname = "{name}"\nsettings.training.head_epochs = {own}\n'
    (tmp_path / "own.toml").write_text(study)
    with pytest.raises(UserError, match="training.head_epochs is what the study varies"):
        comparison(tmp_path / "own.toml", {"training.head_epochs": epochs})


@pytest.mark.parametrize(("name", "given"), [
    ("cifar100-three-ways", {"training.head_epochs": "2", "training.epochs": 3.0, "data.limit": "4"}),
    ("frozen-stages", {"training.head_epochs": "2", "training.epochs": "3", "model.width_multiplier": "0.5"}),
])
def test_numbers_that_are_given_as_texts_are_numbers(name, given):
    typed = {"model.name": "mobilenet", "model.weights": "none", "data.source": "demo"} if name == "frozen-stages" else {}
    request = comparison(name, typed | given)
    expected = comparison(name, typed | {setting: json.loads(str(value)) for setting, value in given.items()})
    assert request.shared == expected.shared and type(request.shared["training.epochs"]) is int
    assert request.notes == expected.notes


def test_a_whole_number_is_told_as_it_was_given():
    assert "training.warmup_epochs=1." in comparison("frozen-stages", {"training.warmup_epochs": 1}).notes[-1]


@pytest.mark.parametrize(("value", "message"), [
    (0, "training.head_epochs=0: rows that train .* Expected: 1 or more"),
    ("few", "^training.head_epochs: expected a valid integer"),
])
def test_epochs_of_the_head_that_leave_no_head_first_or_are_no_number_are_refused(value, message):
    with pytest.raises(UserError, match=message):
        comparison("cifar100-three-ways", {"training.head_epochs": value})


def test_epochs_of_the_head_of_a_row_that_is_not_there_are_no_budget(tmp_path):
    request = comparison("cifar10-cnns", {"training.head_epochs": 3, "data.source": "demo"}, runs_dir=tmp_path)
    assert "head alone" not in " ".join(request.notes)


@pytest.mark.parametrize("name", ["scra-ladder", "se-position"])
def test_blocks_as_published_can_be_asked_for(name):
    request = comparison(name, {"model.identity_start": False})
    assert not any("model.identity_start" in variant.settings for variant in request.variants)
    assert request.shared["model.identity_start"] is False
    assert "model.identity_start=false instead of true" in request.notes[-1]


def test_another_model_and_other_data_are_said_and_published_figures_are_not_of_it():
    request = comparison("frozen-stages", {"model.name": "squeezenet", "data.source": "demo", "model.weights": "none"})
    words = "Run with squeezenet instead of convnextv2_large, demo instead of cub200, random weights instead of"
    assert request.notes[-1].startswith(words)
    assert not any(variant.published.same_conditions for variant in request.variants)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"training.batch_size": 4}, "training.batch_size=4 instead of 16"),
        ({"training.learning_rate": 0.1, "data.image_size": 64},
         "training.learning_rate=0.1 instead of 0.0001, 64 pixels instead of 256"),
        ({"data.classes": ["a", "b"]}, 'data.classes=["a", "b"]'),
        ({"data.label_level": "family"}, "data.label_level=family"),
        ({"model.weights": "other.keras"}, "weights other.keras instead of imagenet22k"),
        ({"augmentation.preset": "cars"}, "augmentation.preset=cars"),
        ({"training.epochs": 60}, "60 epochs instead of 30"),
        ({"data.source": "demo", "model.name": "convnextv2_atto"},
         "demo instead of cub200, convnextv2_atto instead of convnextv2_large, random weights instead of pretrained ones"),
    ],
)
def test_whatever_the_user_changed_is_said(given, words):
    _, study = read_study("frozen-stages")
    (said,) = changes_in_words(study, study.rows()[:1], given, seeds=3)
    assert said.startswith(f"Run with {words}") and said.endswith("So it answers for these, not for those.")


def test_what_is_given_as_the_file_has_it_is_no_change():
    _, study = read_study("frozen-stages")
    assert changes_in_words(study, study.rows(), study.settings_of_all(), seeds=3) == []


@pytest.mark.parametrize(
    ("given", "published"),
    [
        ({}, 89.42), ({"training.batch_size": 4}, 89.42), ({"data.image_size": 256}, 89.42),
        ({"data.classes": ["a", "b"]}, None),
        ({"data.label_level": "family"}, None), ({"data.image_size": 64}, None), ({"model.weights": "none"}, None),
        ({"model.name": "convnextv2_atto"}, None),
    ],
)
def test_a_published_figure_stands_beside_ours_only_where_model_start_pictures_and_classes_are_the_files(given, published):
    assert comparison("frozen-stages", given).variants[0].published.comparable("cub200") == published


def test_epochs_that_are_no_number_are_refused():
    with pytest.raises(UserError, match="training.epochs"):
        comparison("frozen-stages", {"training.epochs": "many"})


def test_weights_of_the_files_model_are_not_those_of_another():
    assert comparison("se-position").shared["model.weights"] == "imagenet22k"
    assert "model.weights" not in comparison("se-position", {"model.name": "resnet50"}).shared


def test_data_without_the_classes_of_a_study_are_refused_before_anything_is_to_be_done_first(tmp_path):
    draw_picture_folder(tmp_path / "cars", train=2, test=1)
    with pytest.raises(UserError, match="cars lacks what the study is about, classes of cifar10. Unknown class 'dog'.*\n"):
        comparison("transfer", {"data.source": str(tmp_path / "cars")}, runs_dir=tmp_path)


def test_classes_may_be_those_of_a_level_and_mistakes_in_the_users_own_are_told_as_such(tmp_path):
    write_aircraft(tmp_path / "planes")
    planes = {"data.source": str(tmp_path / "planes"), "data.label_level": "family"}
    with pytest.raises(UserError, match="first: train a network of this model on other classes of these data"):
        comparison("transfer", {**planes, "data.classes": ["Boeing 707", "F-16"]}, runs_dir=tmp_path)
    (tmp_path / "families.toml").write_text(
        'title = "F"\nquestion = "?"\ndata = "cub200"\n[settings]\ndata.classes = ["Boeing 707", "F-16"]\n'
        '[[variants]]\nname = "one"\n[[variants]]\nname = "other"\nsettings.model.dropout = 0.1\n'
    )
    assert len(comparison(tmp_path / "families.toml", planes).variants) == 2


def test_weights_that_cannot_be_fetched_for_rows_which_need_a_run_are_told(tmp_path, monkeypatch, capsys):
    weights = replace(MODELS["squeezenet"].weights[0], url=(tmp_path / "absent.h5").as_uri())
    monkeypatch.setitem(MODELS, "squeezenet", replace(MODELS["squeezenet"], weights=(weights,)))
    with pytest.raises(DownloadError, match="^The weights 'imagenet' could not be downloaded"):
        comparison("transfer", {"model.name": "squeezenet", "model.weights": "imagenet"}, runs_dir=tmp_path)
    assert capsys.readouterr().err.count("Downloading") == 1


def test_weights_are_looked_for_of_the_width_that_was_asked_for(tmp_path, monkeypatch):
    absent = tuple(replace(weights, url=(tmp_path / weights.file_name).as_uri()) for weights in MODELS["mobilenetv2"].weights)
    monkeypatch.setitem(MODELS, "mobilenetv2", replace(MODELS["mobilenetv2"], weights=absent))
    given = {"model.name": "mobilenetv2", "model.weights": "imagenet", "model.width_multiplier": 0.5}
    with pytest.raises(DownloadError, match="_0.5_224_no_top.h5"):
        comparison("transfer", given, runs_dir=tmp_path)


def test_a_run_that_was_given_needs_nothing_first(tmp_path):
    (tmp_path / "own.keras").touch()
    request = comparison("transfer", {"model.weights": str(tmp_path / "own.keras")}, runs_dir=tmp_path)
    assert len(request.variants) == 3 and "Needed first" not in " ".join(request.notes)


@pytest.mark.parametrize("name", ["scra-ladder", "se-position", "frozen-stages"])
def test_a_row_without_any_block_is_the_same_run_in_all_studies(name):
    given = {"model.name": "squeezenet", "model.weights": "none", "data.source": "stanford_cars"}
    request = comparison(name, given)
    settings = {setting: value for setting, value in request.shared.items() if setting.startswith("model.")}
    config = resolve_config(Config().override({**settings, **given}), set(settings))
    assert config.model.identity_start is False


def test_figures_of_whole_pictures_are_not_set_beside_ours_of_boxes():
    whole = comparison("frozen-stages").variants
    boxes = comparison("frozen-stages", {"data.cut_to_box": True}).variants
    assert [variants[0].published.same_conditions for variants in (whole, boxes)] == [True, False]


def test_weights_as_in_the_file_are_no_change():
    given = {"model.name": "convnextv2_nano", "model.weights": "imagenet22k", "data.source": "demo"}
    note = comparison("scra-ladder", given).notes[-1]
    assert "convnextv2_nano instead of convnextv2_large" in note and "weights" not in note


def test_weights_are_for_the_rows_that_have_none_of_their_own():
    request = comparison("cifar100-three-ways", {"model.name": "convnextv2_nano", "model.weights": "imagenet22k"})
    weights = [{**request.shared, **variant.settings}["model.weights"] for variant in request.variants]
    assert weights == ["none", "imagenet22k", "imagenet22k"]
