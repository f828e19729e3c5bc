"""What an earlier version has left is found again and gone on with, though there are more settings now."""

import json

import pytest

from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json, write_json
from car_classifier.config import Config
from car_classifier.defaults import LATER_SETTINGS, jsonable, resolve_config, run_name
from car_classifier.pipeline import _refuse_other_arguments
from car_classifier.search_space import build_space
from car_classifier.training.config import TrainingConfig
from data.augmentation_config import AugmentationConfig
from data.copy_settings import CopySettings
from results.run_store import Run
from search.ranges import parse_range
from search.search_file import open_search
from tests.car_classifier.small_training import train_tiny


def _without_later_settings(settings):
    return {name: value for name, value in settings.items() if name not in LATER_SETTINGS}


def _reopen(folder, **changes):
    config = jsonable(Config().override(changes))
    Run(folder, kind="train", config=config, defaults=jsonable(Config())).release()


def test_names_of_runs_and_copies_are_what_they_were_before_there_were_more_settings():
    assert run_name("train", resolve_config(Config(), set())) == "train-efficientnetb0-demo-004856ad"
    copies = {"num_copies": 2, "image_size": 64, "quality": 90, "seed": 0, "cut_to_box": True, "box_margin": 0.05}
    assert CopySettings(**copies, limit=None, augmentation=AugmentationConfig()).digest == "ef6548c0"


def test_a_later_setting_that_is_no_default_changes_the_name():
    changes = ({}, {"training.l2_sp": 0.1}, {"data.classes": ["a", "b"]})
    names = {run_name("train", Config().override(values)) for values in changes}
    assert len(names) == 3


def test_a_run_without_later_settings_goes_on_where_these_are_defaults(tmp_path):
    Run(tmp_path, kind="train", config=_without_later_settings(jsonable(Config()))).release()
    _reopen(tmp_path)
    with pytest.raises(UserError, match=r"training\.l2_sp: 0\.0 there, 0\.5 asked for"):
        _reopen(tmp_path, **{"training.l2_sp": 0.5})


def test_a_training_without_later_arguments_goes_on(tmp_path):
    train_tiny(tmp_path, epochs=1)
    path = tmp_path / "checkpoint" / "arguments.json"
    stored = read_json(path)
    write_json(path, stored | {"training": {name: stored["training"][name] for name in stored["training"] if name != "loss"}})
    assert train_tiny(tmp_path, epochs=1).folder == tmp_path
    with pytest.raises(UserError, match="other arguments: training"):
        train_tiny(tmp_path, epochs=1, loss="focal")


def test_a_training_without_an_option_of_the_network_that_came_later_goes_on(tmp_path):
    path, asked = tmp_path / "arguments.json", {"own": {"unit_scale": None, "dropout": 0.1}, "training": {}}
    training = TrainingConfig().model_dump(mode="json")
    write_json(path, {"own": {"dropout": 0.1}, "training": training})
    _refuse_other_arguments(path, asked | {"training": training})
    asked["own"]["unit_scale"] = True
    with pytest.raises(UserError, match="other arguments: own"):
        _refuse_other_arguments(path, asked | {"training": training})


def test_a_search_without_later_settings_goes_on_where_these_are_defaults(tmp_path):
    space = build_space({}, dict([parse_range("model.dropout=0.1:0.5")]), Config(), set())
    config = Config().model_dump(mode="json")
    earlier = json.loads(json.dumps(config))
    del earlier["training"]["loss"], earlier["augmentation"]["crop_padding"]
    defaults = {"job": {"config": config}}
    open_search(tmp_path, {"space": space, "job": {"config": earlier}})
    other = config | {"training": config["training"] | {"loss": "focal"}}
    with pytest.raises(UserError, match="'cross_entropy' there, 'focal' asked for"):
        open_search(tmp_path, {"space": space, "job": {"config": other}}, defaults=defaults)
    open_search(tmp_path, {"space": space, "job": {"config": config}}, defaults=defaults)
