"""A preset fills what the user left open, wherever settings come from."""

import json

import pytest

from car_classifier.augmentation_preset import apply_preset, yield_to_preset
from car_classifier.base.errors import UserError
from car_classifier.changed_settings import changed_settings
from car_classifier.config import Config
from car_classifier.defaults import jsonable, resolve_config
from car_classifier.settings import SettingsRequest, gather_settings
from data.augmentation_presets import PRESETS


def resolved(**given) -> Config:
    values = {"model.name": "model1", "data.source": "photos"} | {f"augmentation.{name}": one for name, one in given.items()}
    return resolve_config(Config().override(values), set(values))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_made_of_known_settings_and_is_recorded(name):
    config = resolved(preset=name)
    assert config.augmentation.preset == name
    assert all(getattr(config.augmentation, setting) == value for setting, value in PRESETS[name].items())


def test_cars_are_the_defaults():
    usual = resolved().augmentation
    assert resolved(preset="cars").augmentation == usual.model_copy(update={"preset": "cars"})


def test_scra_is_that_of_the_source():
    augmentation = resolved(preset="scra").augmentation
    assert augmentation.transform_order == ("horizontal_flip", "rotate", "color_jitter")
    assert (augmentation.horizontal_flip_probability, augmentation.rotate_probability) == (0.25, 0.25)
    assert augmentation.rotate_limit == 15
    limits = (augmentation.jitter_brightness_limit, augmentation.jitter_contrast_limit, augmentation.jitter_saturation_limit)
    assert limits == (0.25, 0.25, 0.25) and augmentation.jitter_hue_limit == 0.05


def test_single_settings_go_before_the_preset_even_where_they_are_the_default():
    augmentation = resolved(preset="scra", rotate_limit=12).augmentation
    assert augmentation.rotate_limit == 12 and augmentation.rotate_probability == 0.25


def test_applied_twice_is_applied_once():
    config = resolved(preset="cifar")
    assert apply_preset(config, {"augmentation.preset"}) == config


def test_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match="augmentation.preset: Unknown preset 'cifar10'.*\nKnown: cars, scra, cifar"):
        resolved(preset="cifar10")


def test_only_the_preset_counts_as_changed_and_not_what_it_sets():
    stored = jsonable(resolved(preset="cifar")) | {"data.cut_to_box": True}
    changed = changed_settings(stored, has_boxes=True)
    assert {name for name in changed if name.startswith("augmentation.")} == {"augmentation.preset"}


def test_preset_of_the_options_goes_before_the_transforms_of_a_run():
    run = jsonable(resolved(preset="scra", strength=0.5, mixup_alpha=0.2)) | {"training.epochs": 7}
    left = yield_to_preset(run, {"augmentation.preset": "cifar"})
    assert left["training.epochs"] == 7 and left["augmentation.mixup_alpha"] == 0.2
    assert not {"augmentation.rotate_limit", "augmentation.strength", "augmentation.transform_order"} & set(left)


@pytest.mark.parametrize("options", [{}, {"augmentation.preset": "scra"}, {"augmentation.rotate_limit": 3}])
def test_without_another_preset_the_transforms_of_a_run_stay(options):
    run = jsonable(resolved(preset="scra", strength=0.5))
    assert yield_to_preset(run, options) == run


@pytest.mark.parametrize(("preset", "limit"), [("cifar", 10), ("cars", 12), ("null", 12), ("scra", 3)])
def test_hyperparameters_of_a_run_keep_their_transforms_only_under_their_own_preset(tmp_path, preset, limit):
    stored = jsonable(resolved(preset="scra", rotate_limit=3))
    run = {name: value for name, value in stored.items() if name.startswith("augmentation.")}
    (tmp_path / "run.json").write_text(json.dumps(run))
    request = SettingsRequest(
        command="train", shorthand={"data.source": "photos"}, settings=(f"augmentation.preset={preset}",),
        hyperparameters=str(tmp_path / "run.json"), data_dir=None, run=None, runs_dir=tmp_path,
    )
    config = resolve_config(*gather_settings(request, tmp_path))
    assert config.augmentation.rotate_limit == limit and str(config.augmentation.preset or "null") == preset
