"""The seven transforms of a training picture, drawn anew from a seed for every picture."""

import os
import random
import threading

import cv2
import numpy as np

from data.config import AugmentationConfig

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # else it asks the network for its newest version on import
import albumentations  # noqa: E402

_BORDERS = {"reflect": cv2.BORDER_REFLECT_101, "replicate": cv2.BORDER_REPLICATE, "black": cv2.BORDER_CONSTANT}


class PictureAugmentation:
    """Transforms pictures; the same picture and seed give the same pixels in every thread and process.

    Args:
        config: which transforms, in which order, how often and how strong.
    """

    def __init__(self, config: AugmentationConfig):
        self._config = config
        self._of_thread = threading.local()  # a transform keeps its state in itself: threads may not share one

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


def build_transforms(config: AugmentationConfig) -> list[albumentations.BasicTransform]:
    """Return the transforms of albumentations in the configured order."""
    builders = {
        "horizontal_flip": _horizontal_flip,
        "brightness_contrast": _brightness_contrast,
        "rotate": _rotate,
        "shift_scale_rotate": _shift_scale_rotate,
        "gaussian_blur": _gaussian_blur,
        "hue_saturation_value": _hue_saturation_value,
        "grid_distortion": _grid_distortion,
    }
    return [builders[name](config) for name in config.transform_order]


def _horizontal_flip(config: AugmentationConfig) -> albumentations.BasicTransform:
    return albumentations.HorizontalFlip(p=config.horizontal_flip_probability)


def _brightness_contrast(config: AugmentationConfig) -> albumentations.BasicTransform:
    return albumentations.RandomBrightnessContrast(
        brightness_limit=config.brightness_limit,
        contrast_limit=config.contrast_limit,
        p=config.brightness_contrast_probability,
    )


def _rotate(config: AugmentationConfig) -> albumentations.BasicTransform:
    return albumentations.Rotate(
        limit=config.rotate_limit, border_mode=_BORDERS[config.border_mode], p=config.rotate_probability
    )


def _shift_scale_rotate(config: AugmentationConfig) -> albumentations.BasicTransform:
    # `ShiftScaleRotate` itself is deprecated in favour of `Affine`.
    return albumentations.Affine(
        scale=(1 - config.scale_limit, 1 + config.scale_limit),
        keep_ratio=True,
        translate_percent=(-config.shift_limit, config.shift_limit),
        rotate=(-config.shift_scale_rotate_limit, config.shift_scale_rotate_limit),
        border_mode=_BORDERS[config.border_mode],
        p=config.shift_scale_rotate_probability,
    )


def _gaussian_blur(config: AugmentationConfig) -> albumentations.BasicTransform:
    return albumentations.GaussianBlur(
        blur_limit=(config.blur_kernel_min, config.blur_kernel_max), p=config.gaussian_blur_probability
    )


def _hue_saturation_value(config: AugmentationConfig) -> albumentations.BasicTransform:
    return albumentations.HueSaturationValue(
        hue_shift_limit=config.hue_shift_limit,
        sat_shift_limit=config.saturation_shift_limit,
        val_shift_limit=config.value_shift_limit,
        p=config.hue_saturation_value_probability,
    )


def _grid_distortion(config: AugmentationConfig) -> albumentations.BasicTransform:
    return albumentations.GridDistortion(
        num_steps=config.distort_steps,
        distort_limit=config.distort_limit,
        border_mode=_BORDERS[config.border_mode],
        p=config.grid_distortion_probability,
    )
