"""README says what is there."""

import re
from pathlib import Path

from car_classifier.cli import COMMANDS
from car_classifier.config import Config
from data.augmentation_presets import PRESETS
from data.registry import DATASETS

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_command_is_documented():
    assert [name for name in COMMANDS if not re.search(rf"^\\| .*`{name}[ `]", README, re.M)] == []


def test_every_data_set_is_documented():
    assert [name for name in DATASETS if f"`{name}`" not in README] == []


def test_every_augmentation_preset_is_documented():
    assert [name for name in PRESETS if not re.search(rf"^\\| `{name}` \\| ", README, re.M)] == []


def test_every_setting_in_it_exists():
    named = {name for name in re.findall(r"--set ([a-z_0-9.]+)=", README) if name != "name"}
    assert named and named <= set(dict(Config().flat()))


def test_both_lines_of_the_start_are_there():
    assert "\npython3 -m car_classifier.environment -m car_classifier demo\n" in README
    assert "\npython3 -m car_classifier.environment -m pytest\n" in README
