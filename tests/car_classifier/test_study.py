from pathlib import Path

import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.cli import create_app
from car_classifier.config import Config
from car_classifier.study import known_studies, read_study
from car_classifier.study_command import StudyRequest, comparison_of
from models.freezing import backbone_layers
from models.squeezenet import create_squeezenet_model

STUDY = """
title = "Ladder"
question = "Which step helps?"
data = "demo"
epochs = 30
baseline = "plain"
published_of = "Somebody, 2020"
[settings]
model.x_trainable = "none"
[[variants]]
name = "more"
settings.model.dropout = 0.5
published = { demo = 90.4, cub200 = 89.6 }
[[variants]]
name = "plain"
hyperparameters = "runs/search"
published = 89.5
settings."training.epochs" = 20
"""
GRID = 'title = "G"\nquestion = "?"\n[grid]\nmodel.dropout = [0.1, 0.2]\nmodel.pooling = ["flatten", "average"]\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ladder.toml"
    path.write_text(STUDY)
    return path


def comparison(study, settings=None, *, seeds=None):
    return comparison_of(StudyRequest(study=str(study), settings=settings or {}, seeds=seeds, data_dir=None, run=None,
                                      runs_dir=Path("runs")))


@pytest.mark.parametrize("name", known_studies())
def test_every_ready_made_study_has_settings_that_exist(name):
    _, study = read_study(name)
    for row in study.rows():
        settings = {**study.settings, **row.settings}
        assert settings.keys() <= dict(Config().override(settings).flat()).keys()


def test_file_becomes_a_comparison_whose_baseline_is_first(file):
    request = comparison(file)
    assert [variant.name for variant in request.variants] == ["plain", "more"] and request.command == "study-ladder"
    assert request.shared == {"data.source": "demo", "training.epochs": 30, "model.x_trainable": "none"}
    assert [variant.published for variant in request.variants] == [89.5, 90.4]
    assert request.variants[0].hyperparameters == "runs/search" and request.seeds == (0, 1, 2)
    assert request.notes == ("Published figures: Somebody, 2020.",)


def test_grid_is_every_combination(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(GRID)
    names = [variant.name for variant in comparison(path).variants]
    assert names[:2] == ["dropout=0.1, pooling=flatten", "dropout=0.1, pooling=average"] and len(names) == 4


def test_a_cut_budget_holds_for_all_variants_and_is_said(file):
    request = comparison(file, {"training.epochs": 3, "data.limit": 20}, seeds=1)
    assert request.shared["training.epochs"] == 3 and "training.epochs" not in request.variants[0].settings
    assert request.notes[-1].startswith(
        "The budget was cut: 3 epochs instead of 30, at most 20 pictures per class instead of all, one seed instead of 3."
    )


def test_one_epoch_is_one_epoch(file):
    assert "1 epoch instead of 30" in comparison(file, {"training.epochs": 1}).notes[-1]


def test_published_figures_of_other_data_are_left_out(file):
    assert [variant.published for variant in comparison(file, {"data.source": "cars"}).variants] == [89.5, None]


def test_what_varies_cannot_be_set_for_all(file):
    with pytest.raises(UserError, match=r"model.dropout is what the study varies \(more\)"):
        comparison(file, {"model.dropout": 0.1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "is no TOML"),
        ('title = "a"\nquestion = "b"', "either `variants` or a `grid`"),
        ('colour = "red"\n' + GRID, "colour: Extra inputs"),
        (STUDY + 'models = ["vgg16"]\n', "must be there with every model"),
        (GRID.replace("title", 'baseline = "no"\ntitle'), "`baseline` must be one of"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path, text, message):
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(UserError, match=message):
        read_study(str(tmp_path / "wrong.toml"))


def test_a_row_of_one_model_is_left_out_with_another_and_that_is_said():
    with_stages, without = comparison("attention"), comparison("attention", {"model.name": "model1"})
    (left,) = {variant.name for variant in with_stages.variants} - {variant.name for variant in without.variants}
    assert "SCRA" in left and any(note.startswith(f"Left out: {left}") for note in without.notes)
    assert len(with_stages.notes) == len(without.notes) and "inside the backbone" in with_stages.notes[-1]


def test_recalibration_trains_its_block_and_nothing_else_of_the_backbone():
    request = comparison("attention")
    settings = {**request.shared, **request.variants[-1].settings, "model.weights": "none"}
    config = Config().override(settings).model
    options = {name: value for name, value in config.model_dump().items() if name != "name"}
    model = create_squeezenet_model((32, 32, 3), 2, **options)
    assert {layer.name for layer in backbone_layers(model) if layer.trainable_weights} == {"after_stage_1_scra"}


def test_unknown_study_gets_the_nearest_name():
    with pytest.raises(UnknownNameError, match="Did you mean 'attention'"):
        read_study("atention")


def test_list_shows_every_study():
    shown = CliRunner().invoke(create_app(), ["study", "--list"]).stdout
    assert all(name in shown for name in known_studies())
