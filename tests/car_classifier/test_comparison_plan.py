"""What a comparison consists of, and what is refused before anything is trained."""

from dataclasses import replace

import pytest

from car_classifier import comparison_command
from car_classifier.base.errors import CarClassifierError, DownloadError, UserError
from car_classifier.base.files import write_json
from car_classifier.comparison_command import run_comparison
from car_classifier.comparison_plan import ComparisonRequest, VariantPlan, plan_members
from models.registry import MODELS
from tests.car_classifier.picture_folder import draw_picture_folder


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return draw_picture_folder(tmp_path_factory.mktemp("pictures") / "cars", train=7, test=1)


@pytest.fixture
def request_of(pictures, tmp_path):
    """Makes a request for variants by name, each of these settings."""

    def make(shared=None, **variants):
        return ComparisonRequest(
            command="compare", title="T", question=None, seeds=(0,), data_dir=tmp_path / "home", run=None,
            variants=tuple(VariantPlan(name, settings) for name, settings in variants.items()), runs_dir=tmp_path / "runs",
            shared={"data.source": str(pictures), "model.name": "model1", "data.image_size": 16, **(shared or {})},
        )

    return make


def test_equal_variants_are_refused_and_a_search_is_not_blamed_where_there_is_none(request_of):
    with pytest.raises(UserError, match="'a' and 'b' have the same settings: .* Take one of them out.$"):
        plan_members(request_of(a={"model.dropout": 0.1}, b={"model.dropout": 0.1}))


@pytest.mark.parametrize(("shared", "setting"), [
    ({"model.name": "resnet20", "model.scra_after_stages": [1], "model.identity_start": True}, "model.unit_scale"),
    ({"model.name": "resnet20"}, "model.unit_scale"), ({"model.name": "resnet20"}, "model.identity_start"),
])
def test_a_setting_of_blocks_makes_no_other_variant_where_it_changes_nothing(request_of, shared, setting):
    with pytest.raises(UserError, match="'a' and 'b' have the same settings"):
        plan_members(request_of(shared, a={}, b={setting: True}))


def test_a_search_whose_winner_is_the_default_needs_more_trials(request_of, tmp_path):
    best = {"format": 1, "monitor": "val_loss", "value": 1.0, "values": {"model.dropout": 0.1}, "settings": {}}
    write_json(tmp_path / "runs" / "search" / "best.json", best)
    write_json(tmp_path / "runs" / "search" / "run.json", {"format": 1, "kind": "search", "start": ""})
    request = request_of(default={"model.dropout": 0.1})
    tuned = VariantPlan("tuned", {}, "search")
    with pytest.raises(UserError, match="'default' and 'tuned' have the same settings.*; a search whose winner is the default"):
        plan_members(replace(request, variants=(*request.variants, tuned)))


def test_what_is_wrong_with_one_variant_is_told_with_its_name(request_of):
    with pytest.raises(UserError, match="^Variant 'b': model.dropout: expected less than 1. Received: 6.$"):
        plan_members(request_of(a={}, b={"model.dropout": 6}))
    with pytest.raises(UserError, match="^Variant 'b': Model 'vgg16' needs pictures of at least"):
        plan_members(request_of(a={}, b={"model.name": "vgg16", "model.weights": "none"}))


@pytest.mark.parametrize(("shared", "message"), [
    ({"training.epochs": 0}, "^training.epochs: expected"),
    ({"model.name": "vgg16", "model.weights": "none"}, "^Model 'vgg16' needs pictures of at least"),
    ({"training.l2_sp": 0.1}, "(?s)^training.l2_sp=0.1 pulls weights.*Pass --weights with a run or a file of this network"),
    ({"training.l2_sp": 0.1, "model.name": "vgg16", "model.weights": "none"}, "Pass --weights imagenet or --weights with a"),
])
def test_what_is_wrong_with_all_variants_is_told_without_a_name(request_of, shared, message):
    with pytest.raises(UserError, match=message):
        plan_members(request_of(shared, a={}, b={"model.dropout": 0.1}))


def test_weights_that_cannot_be_fetched_are_asked_for_once(request_of, tmp_path, monkeypatch, capsys):
    weights = replace(MODELS["squeezenet"].weights[0], url=(tmp_path / "absent.h5").as_uri())
    monkeypatch.setitem(MODELS, "squeezenet", replace(MODELS["squeezenet"], weights=(weights,)))
    shared = {"model.name": "squeezenet", "model.weights": "imagenet", "data.image_size": 32}
    variants = {name: {"model.dropout": dropout} for name, dropout in (("a", 0.1), ("b", 0.2), ("c", 0.3))}
    with pytest.raises(DownloadError, match="^The weights 'imagenet' could not be downloaded"):
        plan_members(request_of(shared, **variants))
    assert capsys.readouterr().err.count("Downloading") == 1


@pytest.mark.parametrize("setting", [{"data.limit": 1}, {"data.validation_fraction": 0.01}])
def test_what_leaves_none_to_validate_on_is_refused_before_any_training(request_of, setting, tmp_path):
    with pytest.raises(UserError, match="^data.validation_fraction=.* training pictures leaves none to validate on"):
        run_comparison(request_of(setting, a={}, b={"model.dropout": 0.1}))
    assert not (tmp_path / "runs").exists()


class NoTraining:
    """A training that fails at once."""

    peak_memory = 0

    def __init__(self, log, stop, waiting):
        pass

    def train(self, member):
        return 4, "out of memory"


def folders_of(request):
    with pytest.raises(CarClassifierError, match="trainings failed"):
        run_comparison(request)
    return [folder.name for folder in request.runs_dir.iterdir()]


def test_a_comparison_is_named_after_the_model_of_all_and_not_after_that_of_its_baseline(request_of, monkeypatch):
    monkeypatch.setattr(comparison_command, "MemberTraining", NoTraining)
    request = request_of({"model.name": "resnet20"}, own={"model.name": "model1"}, given={})
    (name,) = folders_of(request)
    assert name.startswith("compare-resnet20-cars-")
    earlier = name.replace("resnet20", "model1")
    (request.runs_dir / name).rename(request.runs_dir / earlier)
    assert folders_of(request) == [earlier]  # as versions before named it


def test_a_comparison_of_models_is_named_after_its_baseline(request_of, monkeypatch):
    monkeypatch.setattr(comparison_command, "MemberTraining", NoTraining)
    request = request_of(a={"model.name": "model1"}, b={"model.name": "resnet20"})
    shared = {name: value for name, value in request.shared.items() if name != "model.name"}
    assert folders_of(replace(request, shared=shared))[0].startswith("compare-model1-cars-")
