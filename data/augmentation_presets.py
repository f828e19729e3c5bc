"""Recipes of augmentation by name: what differs from the defaults of `AugmentationConfig`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# The seven transforms of Stanford Cars in their order, which are the defaults.
_CARS: dict[str, Any] = {}

# The recipe for fine-grained data with SCR attention: CUB birds, FGVC Aircraft, FoodX.
_SCRA = {
    "transform_order": ("horizontal_flip", "rotate", "color_jitter"),
    "horizontal_flip_probability": 0.25,
    "rotate_probability": 0.25,
    "rotate_limit": 15.0,
    "jitter_brightness_limit": 0.25,
    "jitter_contrast_limit": 0.25,
    "jitter_saturation_limit": 0.25,
    "jitter_hue_limit": 0.05,
}

# Small pictures: the crop and the flip do most of it; turning 32 pixels blurs them, so that is rare.
_CIFAR = {
    "transform_order": ("padded_crop", "horizontal_flip", "rotate", "color_jitter"),
    "crop_padding": 0.125,
    "rotate_probability": 0.2,
    "rotate_limit": 10.0,
    "color_jitter_probability": 0.3,
    "jitter_brightness_limit": 0.15,
    "jitter_contrast_limit": 0.15,
    "jitter_saturation_limit": 0.15,
    "jitter_hue_limit": 0.02,
}

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType({"cars": _CARS, "scra": _SCRA, "cifar": _CIFAR})
