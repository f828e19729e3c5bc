"""What `augmentation.preset` does to the other settings."""

from collections.abc import Collection, Mapping
from typing import Any

from car_classifier.config import Config
from data.augmentation_config import BESIDE_TRANSFORMS, AugmentationConfig
from data.augmentation_presets import PRESETS

PRESET = "augmentation.preset"
_TRANSFORMS = {f"augmentation.{name}" for name in AugmentationConfig.model_fields if name not in BESIDE_TRANSFORMS}


def apply_preset(config: Config, given: Collection[str]) -> Config:
    """Return `config` with the values of its preset, except for settings that the user gave.

    Args:
        given: dotted names of those.
    """
    values = {f"augmentation.{name}": value for name, value in PRESETS.get(config.augmentation.preset, {}).items()}
    return config.override({name: value for name, value in values.items() if name not in given})


def yield_to_preset(hyperparameters: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return `hyperparameters` without the transforms of a run or file where the options name another preset than it does.

    A run records every setting, so that the preset would change nothing otherwise.

    Args:
        hyperparameters: dotted names, from `--hyperparameters`.
        options: what is given beside them.
    """
    if options.get(PRESET, hyperparameters.get(PRESET)) == hyperparameters.get(PRESET):
        return dict(hyperparameters)
    return {name: value for name, value in hyperparameters.items() if name not in _TRANSFORMS}
