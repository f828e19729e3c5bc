from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from data.augmentation import PictureAugmentation, build_transforms
from data.config import TRANSFORMS, AugmentationConfig
from tests.data.conftest import random_picture

PICTURE = random_picture(1, 64, 64)
OFF = {f"{name}_probability": 0 for name in TRANSFORMS}


def only(name: str, **limits) -> PictureAugmentation:
    return PictureAugmentation(AugmentationConfig(**(OFF | {f"{name}_probability": 1} | limits)))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_each_transform_changes_the_picture_and_leaves_the_given_one(name):
    before = PICTURE.copy()
    changed = only(name)(PICTURE, 5)
    assert changed.shape == PICTURE.shape and changed.dtype == np.uint8
    assert (changed != PICTURE).any() and np.array_equal(PICTURE, before)


def test_same_seed_same_pixels_in_whatever_thread():
    augmentation = PictureAugmentation(AugmentationConfig())
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
    forth, back = AugmentationConfig(**every), AugmentationConfig(**every, transform_order=TRANSFORMS[::-1])
    assert (PictureAugmentation(forth)(PICTURE, 3) != PictureAugmentation(back)(PICTURE, 3)).any()


@pytest.mark.parametrize("name", ["rotate", "shift_scale_rotate", "grid_distortion"])
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


def test_strength_zero_leaves_nothing_but_the_flip():
    augmentation = PictureAugmentation(AugmentationConfig(strength=0, horizontal_flip_probability=0))
    slope = np.tile(np.arange(64, dtype=np.uint8)[:, None, None], (1, 64, 3))  # rounding moves it by a pixel at most
    assert all(np.abs(augmentation(slope, seed).astype(int) - slope).max() <= 2 for seed in range(40))
