"""The transforms of a training picture, drawn anew from a seed for every picture."""

import os
import random
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import cv2
import numpy as np

from data.augmentation_config import AugmentationConfig

if TYPE_CHECKING:
    from albumentations import BasicTransform

    _Builders = dict[str, Callable[[], BasicTransform]]

_BORDERS = {"reflect": cv2.BORDER_REFLECT_101, "replicate": cv2.BORDER_REPLICATE, "black": cv2.BORDER_CONSTANT}
_FILLS = {"noise": None, "mean": (124, 116, 104), "black": (0, 0, 0)}


class PictureAugmentation:
    """Transforms pictures; the same picture and seed give the same pixels in every thread and process.

    Args:
        config: which transforms, in which order, how often and how strong.
    """

    def __init__(self, config: AugmentationConfig):
        self._config = config
        self._of_thread = threading.local()  # a transform keeps its state in itself: threads may not share one
        self._of_thread.transforms = build_transforms(config)

    def __call__(self, picture: np.ndarray, seed: int) -> np.ndarray:
        """Return the transformed picture, uint8 [H, W, 3]; the given one, uint8 [H, W, 3], stays as it is."""
        transforms = getattr(self._of_thread, "transforms", None)
        if transforms is None:
            transforms = self._of_thread.transforms = build_transforms(self._config)
        # One stream for all transforms. `Compose.set_random_seed` would give each the same stream of its own: the
        # draws, and so which transforms act on a picture, would no longer be independent.
        generator, python_generator = np.random.Generator(np.random.PCG64(seed)), random.Random(seed)
        for transform in transforms:
            transform.set_random_state(generator, python_generator)
            picture = transform(image=picture)["image"]
        return picture


def build_transforms(config: AugmentationConfig) -> list["BasicTransform"]:
    """Return the transforms of albumentations in the configured order."""
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # else its import asks the network for the newest version
    config = config.at_strength()
    border = _BORDERS[config.border_mode]
    builders = {**_of_cars(config, border), **_further(config, border)}
    return [builders[name]() for name in config.transform_order]


def _of_cars(config: AugmentationConfig, border: int) -> "_Builders":
    import albumentations

    return {
        "horizontal_flip": lambda: albumentations.HorizontalFlip(p=config.horizontal_flip_probability),
        "brightness_contrast": lambda: albumentations.RandomBrightnessContrast(
            config.brightness_limit, config.contrast_limit, p=config.brightness_contrast_probability
        ),
        "rotate": lambda: albumentations.Rotate(config.rotate_limit, border_mode=border, p=config.rotate_probability),
        "shift_scale_rotate": lambda: albumentations.Affine(  # `ShiftScaleRotate` itself is deprecated
            scale=(1 - config.scale_limit, 1 + config.scale_limit),
            keep_ratio=True,
            translate_percent=(-config.shift_limit, config.shift_limit),
            rotate=(-config.shift_scale_rotate_limit, config.shift_scale_rotate_limit),
            border_mode=border,
            p=config.shift_scale_rotate_probability,
        ),
        "gaussian_blur": lambda: albumentations.GaussianBlur(
            (config.blur_kernel_min, config.blur_kernel_max), p=config.gaussian_blur_probability
        ),
        "hue_saturation_value": lambda: albumentations.HueSaturationValue(
            config.hue_shift_limit,
            config.saturation_shift_limit,
            config.value_shift_limit,
            p=config.hue_saturation_value_probability,
        ),
        "grid_distortion": lambda: albumentations.GridDistortion(
            config.distort_steps, config.distort_limit, border_mode=border, p=config.grid_distortion_probability
        ),
    }


def _further(config: AugmentationConfig, border: int) -> "_Builders":
    import albumentations

    from data.padded_crop import PaddedCrop
    from data.rand_augment import RandAugment
    from data.random_erasing import RandomErasing

    return {
        "padded_crop": lambda: PaddedCrop(config.crop_padding, border_mode=border, p=config.padded_crop_probability),
        "color_jitter": lambda: albumentations.ColorJitter(
            config.jitter_brightness_limit,
            config.jitter_contrast_limit,
            config.jitter_saturation_limit,
            config.jitter_hue_limit,
            p=config.color_jitter_probability,
        ),
        "rand_augment": lambda: RandAugment(
            config.rand_augment_operations,
            config.rand_augment_magnitude,
            border_mode=border,
            p=config.rand_augment_probability,
        ),
        "random_erasing": lambda: RandomErasing(
            config.erasing_area_limit, fill=_FILLS[config.erasing_fill], p=config.random_erasing_probability
        ),
    }
