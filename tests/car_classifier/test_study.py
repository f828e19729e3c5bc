import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.cli import create_app
from car_classifier.config import Config
from car_classifier.defaults import resolve_config
from car_classifier.study import known_studies, read_study
from models.freezing import backbone_layers
from models.registry import model_entry
from models.squeezenet import create_squeezenet_model
from tests.car_classifier.study_comparison import comparison
from tests.results.fake_training import answers, make_training

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


def fitting_models(row, study):
    """The model of the row, or the smallest of each kind that it may be given."""
    if "model.name" in row.settings:
        return [row.settings["model.name"]]
    return [name for name in (study.model, "squeezenet", "convnextv2_atto", "resnet20", "model1")
            if name in row.models or not row.models and len(model_entry(name).stages) >= row.stages]


@pytest.mark.parametrize("name", known_studies())
def test_every_row_of_a_ready_made_study_has_settings_that_every_fitting_model_takes(name):
    _, study = read_study(name)
    for row in study.rows():
        for model in fitting_models(row, study):
            weights = "random.keras" if row.pretrained else "none"
            given = {**study.settings_of_all(), "model.name": model, "model.weights": weights, **row.settings}
            resolved = resolve_config(Config().override(given), set(given))
            assert all(dict(resolved.flat())[name] == _as_stored(value) for name, value in row.settings.items())


def _as_stored(value):
    return tuple(value) if isinstance(value, list) else value


def test_file_becomes_a_comparison_whose_baseline_is_first(file):
    request = comparison(file)
    assert [variant.name for variant in request.variants] == ["plain", "more"] and request.command == "study-ladder"
    assert request.shared == {"data.source": "demo", "training.epochs": 30, "model.x_trainable": "none"}
    assert [variant.published.accuracy for variant in request.variants] == [{"demo": 89.5}, {"demo": 90.4, "cub200": 89.6}]
    assert request.variants[0].hyperparameters == "runs/search" and request.seeds == (0, 1, 2)
    assert request.notes == () and request.published_of == "Somebody, 2020"


def test_grid_is_every_combination(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(GRID)
    names = [variant.name for variant in comparison(path).variants]
    assert names[:2] == ["dropout=0.1, pooling=flatten", "dropout=0.1, pooling=average"] and len(names) == 4


def test_a_cut_budget_holds_for_all_variants_and_is_said(file):
    request = comparison(file, {"training.epochs": 3, "data.limit": 20}, seeds=1)
    assert request.shared["training.epochs"] == 3 and "training.epochs" not in request.variants[0].settings
    assert request.notes[-1].startswith(
        "Run with 3 epochs instead of 30, at most 20 pictures a class instead of all, one seed instead of 3. So small a study"
    )


def test_one_epoch_is_one_epoch(file):
    assert "1 epoch instead of 30" in comparison(file, {"training.epochs": 1}).notes[-1]


@pytest.mark.parametrize(("source", "name"), [
    ("photos/birds", "birds"), ("photos/birds.csv", "birds"), ("birds.tar.gz", "birds"), ("demo+photos/v1.2", "demo+v1.2"),
])
def test_a_figure_of_data_of_the_users_own_is_found_by_the_name_that_these_have_once_measured(tmp_path, source, name):
    path = tmp_path / "own.toml"
    path.write_text(STUDY.replace('data = "demo"', f'data = "{source}"').replace("demo = 90.4", f'"{source}" = 90.4'))
    path.write_text(path.read_text().replace('hyperparameters = "runs/search"', ""))
    accuracies = [variant.published.accuracy for variant in comparison(path).variants]
    assert accuracies == [{name: 89.5}, {name: 90.4, "cub200": 89.6}]


def test_data_of_a_row_decide_what_its_model_starts_from(tmp_path):
    (tmp_path / "two.toml").write_text(
        'title = "T"\nquestion = "?"\ndata = "cub200"\nmodel = "squeezenet"\n[[variants]]\nname = "a"\n'
        '[[variants]]\nname = "b"\npretrained = true\nsettings.data.source = "demo"\n[[variants]]\nname = "c"\n'
        'settings.model.dropout = 0.1\n'
    )
    request = comparison(tmp_path / "two.toml")
    assert [variant.name for variant in request.variants] == ["a", "c"]
    assert request.notes == ("Left out: b; it needs trained weights to start from, and squeezenet starts from random ones.",)


@pytest.mark.parametrize("name", ["frozen-stages", "se-position", "scra-ladder"])
def test_what_is_in_the_backbone_is_studied_under_a_plain_head(name):
    _, study = read_study(name)
    for model in ("squeezenet", "efficientnetb0", "resnet50"):
        config = Config().override(study.shared_with({"model.name": model})).model
        assert (config.gates, config.fc_layers, config.spatial_dropout, config.pooling) == ("none", (), 0.0, "average")


def test_a_row_that_needs_more_stages_than_the_model_has_is_left_out():
    request = comparison("frozen-stages", {"model.name": "squeezenet"})
    assert [variant.name for variant in request.variants][-2:] == ["stages 1 and 2 frozen", "all frozen"]
    assert "Left out: stages 1 to 3 frozen; it needs a model of 4 stages, and squeezenet has 3." in request.notes


def test_rows_that_hold_to_pretrained_weights_are_left_out_without_any():
    request = comparison("scra-ladder", {"model.name": "convnextv2_atto", "model.weights": "none"})
    assert not any("L2-SP" in variant.name for variant in request.variants) and len(request.variants) == 3


def test_what_has_to_be_done_first_is_said_until_it_is_done(tmp_path):
    with pytest.raises(UserError, match="one variant of transfer is left: no transfer.\n.*--run transfer-source"):
        comparison("transfer", runs_dir=tmp_path)
    weights = tmp_path / "own.keras"
    weights.touch()
    request = comparison("transfer", {"model.weights": str(weights)}, runs_dir=tmp_path)
    assert [variant.settings.get("model.weights", "shared") for variant in request.variants] == ["none", "shared", "shared"]
    assert request.shared["model.weights"] == str(weights)


@pytest.mark.parametrize("model", ["resnet20", "model1"])
def test_rows_start_from_a_run_of_their_own_model_alone(model, tmp_path):
    make_training(tmp_path / "transfer-source", answers(0.5, seed=0), settings={"model.name": "resnet20"})
    (tmp_path / "transfer-source" / "model.keras").touch()
    if model == "resnet20":
        assert len(comparison("transfer", {"model.name": model}, runs_dir=tmp_path).variants) == 3
    else:
        with pytest.raises(UserError, match="transfer-source is a run of resnet20, and not of model1.*--model model1 --set"):
            comparison("transfer", {"model.name": model}, runs_dir=tmp_path)


def test_what_has_to_be_done_first_names_the_model_that_was_asked_for(tmp_path):
    with pytest.raises(UserError, match="first: .* --data cifar10 --model resnet20 --set"):
        comparison("transfer", {"model.name": "resnet20"}, runs_dir=tmp_path)


def test_what_has_to_be_done_first_is_said_of_the_same_data_and_places(tmp_path):
    notes = " ".join(comparison("cifar10-cnns", {"data.source": "my pictures"}, runs_dir=tmp_path).notes)
    assert "search --data 'my pictures' --model simple_cnn" in notes
    assert f"--run tuned-simple_cnn --data-dir 'no folder' --runs-dir {tmp_path}" in notes


def test_what_varies_in_a_grid_cannot_be_set_for_all(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(GRID.replace("model.dropout", "training.epochs").replace("[0.1, 0.2]", "[2, 3]"))
    with pytest.raises(UserError, match="training.epochs is what the study varies"):
        comparison(path, {"training.epochs": 4})


def test_what_varies_cannot_be_set_for_all(file):
    with pytest.raises(UserError, match=r"model.dropout is what the study varies \(more\)"):
        comparison(file, {"model.dropout": 0.1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "is no TOML"),
        ('title = "a"\nquestion = "b"', "either `variants` or a `grid`"),
        ('colour = "red"\n' + GRID, "Unknown key 'colour'"),
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
    assert any("whole feature maps" in note for note in with_stages.notes)


def test_recalibration_trains_its_block_and_nothing_else_of_the_backbone():
    request = comparison("attention")
    settings = {**request.shared, **request.variants[-1].settings, "model.weights": "none"}
    config = Config().override(settings).model
    options = {name: value for name, value in config.model_dump().items() if name != "name"}
    model = create_squeezenet_model((32, 32, 3), 2, **options)
    assert {layer.name for layer in backbone_layers(model) if layer.trainable_weights} == {"after_stage_3_scra"}


def test_unknown_study_gets_the_nearest_name():
    with pytest.raises(UnknownNameError, match="Did you mean 'attention'"):
        read_study("atention")


def test_list_shows_every_study():
    shown = CliRunner().invoke(create_app(), ["study", "--list"]).stdout
    assert all(name in shown for name in known_studies()) and " \n" not in shown


@pytest.mark.parametrize("data", ["cub200+fgvc_aircraft", "fgvc_aircraft+cub200"])
def test_a_published_figure_of_joined_data_stands_beside_ours_in_any_order_of_these(data):
    assert comparison("se-position", {"data.source": data}).variants[0].published.accuracy[data] == 88.45
