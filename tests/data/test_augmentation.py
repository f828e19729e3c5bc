from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from data.augmentation import PictureAugmentation, build_transforms
from data.augmentation_config import DEFAULT_ORDER, TRANSFORMS, AugmentationConfig
from tests.data.conftest import random_picture

PICTURE = random_picture(1, 64, 64)
OFF = {f"{name}_probability": 0 for name in TRANSFORMS}


def only(name: str, **limits) -> PictureAugmentation:
    certain = {"transform_order": (name,), f"{name}_probability": 1}
    return PictureAugmentation(AugmentationConfig(**certain | limits))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_each_transform_changes_the_picture_and_leaves_the_given_one(name):
    before = PICTURE.copy()
    changed = only(name)(PICTURE, 5)
    assert changed.shape == PICTURE.shape and changed.dtype == np.uint8
    assert (changed != PICTURE).any() and np.array_equal(PICTURE, before)


@pytest.mark.parametrize("order", [DEFAULT_ORDER, TRANSFORMS[len(DEFAULT_ORDER):]])
def test_same_seed_same_pixels_in_whatever_thread(order):
    augmentation = PictureAugmentation(AugmentationConfig(transform_order=order))
    expected = [augmentation(PICTURE, seed) for seed in range(60)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            pictures = pool.map(lambda seed: augmentation(PICTURE, seed), range(60))
            assert all((one == other).all() for one, other in zip(pictures, expected, strict=True))


def test_seeds_give_different_pictures():
    augmentation = PictureAugmentation(AugmentationConfig())
    assert len({augmentation(PICTURE, seed).tobytes() for seed in range(50)}) > 40


def test_transforms_act_independently_of_each_other():
    # Were all given the same stream of numbers, a flip (p .5) would imply a turned picture (p .5).
    settings = OFF | {
        "horizontal_flip_probability": 0.5,
        "brightness_contrast_probability": 0.5,
        "brightness_limit": 0.9,
    }
    augmentation = PictureAugmentation(AugmentationConfig(**settings))
    picture = np.full((8, 8, 3), 100, np.uint8)
    picture[:, 4:] = 120
    outcomes = set()
    for seed in range(100):
        result = augmentation(picture, seed).astype(int)
        outcomes.add((bool(result[0, 0, 0] > result[0, 7, 0]), bool(result[0, [0, 7], 0].sum() != 220)))
    assert outcomes == {(False, False), (False, True), (True, False), (True, True)}


def test_probability_is_obeyed():
    augmentation = PictureAugmentation(AugmentationConfig(**(OFF | {"horizontal_flip_probability": 0.3})))
    flipped = sum((augmentation(PICTURE, seed) != PICTURE).any() for seed in range(1000))
    assert 250 < flipped < 350


def test_order_is_the_configured_one():
    order = ("grid_distortion", "horizontal_flip", "rotate")
    names = [type(transform).__name__ for transform in build_transforms(AugmentationConfig(transform_order=order))]
    assert names == ["GridDistortion", "HorizontalFlip", "Rotate"]


def test_other_order_gives_another_picture():
    every = {f"{name}_probability": 1 for name in TRANSFORMS}
    forth, back = AugmentationConfig(**every), AugmentationConfig(**every, transform_order=DEFAULT_ORDER[::-1])
    assert (PictureAugmentation(forth)(PICTURE, 3) != PictureAugmentation(back)(PICTURE, 3)).any()


@pytest.mark.parametrize("name", ["rotate", "shift_scale_rotate", "grid_distortion", "padded_crop"])
def test_border_is_reflected_unless_black_is_asked_for(name):
    white = np.full((64, 64, 3), 255, np.uint8)
    assert all((only(name)(white, seed) == 255).all() for seed in range(5))
    assert any((only(name, border_mode="black")(white, seed) == 0).any() for seed in range(5))


def test_rotation_stays_within_its_limit():
    line = np.zeros((101, 101, 3), np.uint8)
    line[50] = 255
    rotate = only("rotate", rotate_limit=12, border_mode="black")
    heights = [int(rotate(line, seed)[:, 95, 0].argmax()) - 50 for seed in range(60)]
    limit = 45 * np.tan(np.deg2rad(12))
    assert max(map(abs, heights)) <= limit + 1 and max(heights) > 0.6 * limit and min(heights) < -0.6 * limit


def test_real_picture_stays_recognisable(real_data):
    from data.geometry import PictureGeometry
    from data.picture import decode_picture

    path = next((real_data / "stanford_cars" / "car_data" / "train").rglob("*.jpg"))
    picture = PictureGeometry(image_size=224).apply(decode_picture(path))
    augmentation = PictureAugmentation(
        AugmentationConfig(**(OFF | {"rotate_probability": 1, "gaussian_blur_probability": 1}))
    )
    means = [augmentation(picture, seed).mean() for seed in range(10)]
    assert np.abs(np.array(means) - picture.mean()).max() < 12


def test_strength_scales_every_limit_and_nothing_leaves_its_range():
    strong = AugmentationConfig(strength=2.0).at_strength()
    assert (strong.rotate_limit, strong.brightness_limit, strong.gaussian_blur_probability) == (24, 0.4, 1.0)
    assert AugmentationConfig(strength=5, distort_limit=0.5).at_strength().distort_limit == 0.9
    assert (strong.crop_padding, strong.jitter_hue_limit, strong.rand_augment_magnitude) == (0.25, 0.1, 18)
    assert AugmentationConfig(strength=5, erasing_area_limit=0.3).at_strength().erasing_area_limit == 1.0


@pytest.mark.parametrize("order", [DEFAULT_ORDER, ("padded_crop", "color_jitter", "random_erasing")])
def test_strength_zero_leaves_nothing_but_the_flip(order):
    augmentation = PictureAugmentation(AugmentationConfig(strength=0, horizontal_flip_probability=0, transform_order=order))
    slope = np.tile(np.arange(64, dtype=np.uint8)[:, None, None], (1, 64, 3))  # rounding moves it by a pixel at most
    assert all(np.abs(augmentation(slope, seed).astype(int) - slope).max() <= 2 for seed in range(40))


@pytest.mark.parametrize(("side", "padding"), [(32, 4), (224, 28)])
def test_padded_crop_shifts_by_whole_pixels_up_to_an_eighth_of_the_side(side, padding):
    columns = np.tile(np.arange(side, dtype=np.uint8)[None, :, None], (side, 1, 3))
    crop = only("padded_crop", border_mode="black")
    shifts = [int(crop(columns, seed)[side // 2, side // 2, 0]) - side // 2 for seed in range(200)]
    assert -padding <= min(shifts) < -0.8 * padding and 0.8 * padding < max(shifts) <= padding
    assert {len(set(np.diff(crop(columns, seed)[side // 2, padding:-padding, 0].astype(int)))) for seed in range(9)} == {1}


def test_padded_crop_keeps_the_shape_of_a_picture_that_is_no_square():
    assert only("padded_crop")(random_picture(2, 40, 64), 1).shape == (40, 64, 3)


def test_color_jitter_stays_within_its_limits():
    grey = np.full((8, 8, 3), 100, np.uint8)  # saturation and hue do nothing to it, and its contrast is none
    values = [int(only("color_jitter", jitter_brightness_limit=0.25)(grey, seed)[0, 0, 0]) for seed in range(100)]
    assert 75 <= min(values) < 80 and 120 < max(values) <= 125
    red = np.array([[[200, 20, 20]]], np.uint8)
    hue_alone = dict.fromkeys((f"jitter_{name}_limit" for name in ("brightness", "contrast", "saturation")), 0)
    turned = only("color_jitter", **hue_alone, jitter_hue_limit=0.05)(red, 3)[0, 0].astype(int)
    assert turned[0] > 190 and turned.tolist() != [200, 20, 20] and max(turned[1:]) < 20 + 180 * 6 * 0.05 + 5


def test_random_erasing_hides_one_rectangle_of_limited_area():
    white = np.full((64, 64, 3), 255, np.uint8)
    shares, shapes = [], []
    for seed in range(200):
        hidden = (only("random_erasing", erasing_fill="black", erasing_area_limit=0.2)(white, seed) == 0).all(axis=2)
        rows, columns = np.flatnonzero(hidden.any(axis=1)), np.flatnonzero(hidden.any(axis=0))
        assert hidden.sum() == len(rows) * len(columns) == np.ptp(rows + 1) * len(columns) + len(columns)
        shares.append(hidden.mean())
        shapes.append(len(columns) / len(rows))
    assert 0.015 < min(shares) < 0.04 and 0.18 < max(shares) < 0.21
    assert 2.5 < max(shapes) < 4 and 0.25 < min(shapes) < 0.4  # 3.3 and its inverse, in whole pixels


def test_erased_rectangle_fits_into_a_very_wide_picture():
    white = np.full((4, 200, 3), 255, np.uint8)
    assert all((only("random_erasing")(white, seed) != white).any() for seed in range(20))


@pytest.mark.parametrize(("fill", "plain"), [("black", True), ("mean", True), ("noise", False)])
def test_erased_part_is_filled_as_asked(fill, plain):
    white = np.full((64, 64, 3), 255, np.uint8)
    erased = only("random_erasing", erasing_fill=fill)(white, 1)
    inside = erased[(erased != 255).any(axis=2)]
    assert len(inside) > 64 and (len(np.unique(inside, axis=0)) == 1) == plain
