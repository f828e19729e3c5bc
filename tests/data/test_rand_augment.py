import random

import numpy as np
import pytest

from data.augmentation import PictureAugmentation
from data.augmentation_config import AugmentationConfig
from tests.data.conftest import random_picture

PICTURE = random_picture(1, 48, 48)


def rand_augment(magnitude: float, *, operations: int = 1, border_mode: str = "reflect") -> PictureAugmentation:
    settings = {"rand_augment_magnitude": magnitude, "rand_augment_operations": operations, "border_mode": border_mode}
    return PictureAugmentation(AugmentationConfig(transform_order=("rand_augment",), **settings))


def results_of_single_operations(magnitude: float) -> list[np.ndarray]:
    transform = rand_augment(magnitude)
    pictures = [transform(PICTURE, seed) for seed in range(400)]
    return list({picture.tobytes(): picture for picture in pictures}.values())


def test_fourteen_operations_of_which_nine_have_a_sign():
    assert len(results_of_single_operations(20)) == 5 + 2 * 9


@pytest.mark.parametrize("operation", ["autocontrast", "equalize"])
def test_operations_without_magnitude_are_those_of_pillow(operation):
    from PIL import Image, ImageOps

    faint = (PICTURE // 3 + 60).astype(np.uint8)
    expected = np.asarray(getattr(ImageOps, operation)(Image.fromarray(faint))).astype(int)
    transform = rand_augment(0)
    differences = [np.abs(transform(faint, seed).astype(int) - expected).mean() for seed in range(60)]
    assert np.abs(expected - faint).mean() > 30 and min(differences) < 4  # OpenCV and Pillow round histograms differently


@pytest.mark.parametrize("factor", [0.1, 1.9])
@pytest.mark.parametrize("enhancer", ["Color", "Contrast", "Brightness"])
def test_colours_at_the_largest_magnitude_are_those_of_pillow(enhancer, factor):
    from PIL import Image, ImageEnhance

    expected = np.asarray(getattr(ImageEnhance, enhancer)(Image.fromarray(PICTURE)).enhance(factor)).astype(int)
    differences = [np.abs(picture - expected).mean() for picture in results_of_single_operations(30)]
    assert min(differences) < 1 < np.abs(PICTURE - expected).mean()


def test_largest_magnitude_turns_shears_and_shifts_as_far_as_the_paper_says():
    dot = np.zeros((331, 331, 3), np.uint8)
    dot[62:69, 162:169] = 255  # 100 pixels above the middle
    transform = rand_augment(30, border_mode="black")
    places = set()
    for seed in range(300):
        rows, columns = np.nonzero(transform(dot, seed)[..., 0] > 128)
        if 30 < len(rows) < 70:
            places.add((round(columns.mean() - 165), round(165 - rows.mean())))
    turned, sheared, shifted = {(50, 87), (-50, 87)}, {(30, 100), (-30, 100)}, {(150, 100), (-150, 100), (0, -50)}
    assert places == {(0, 100)} | turned | sheared | shifted


def test_without_magnitude_white_stays_white():
    white = np.full((16, 16, 3), 255, np.uint8)
    transform = rand_augment(0)
    assert all((transform(white, seed) == 255).all() for seed in range(100))


def test_number_of_operations_is_obeyed():
    alone = {picture.tobytes() for picture in results_of_single_operations(10)}
    twice = rand_augment(10, operations=2)
    pairs = [twice(PICTURE, seed).tobytes() for seed in range(50)]
    assert sum(pair not in alone for pair in pairs) > 25


@pytest.mark.parametrize("factor", [0.4, 1.6])
def test_sharpness_is_that_of_pillow(factor):
    from PIL import Image, ImageEnhance

    from data.rand_augment import _Sharpness

    expected = np.asarray(ImageEnhance.Sharpness(Image.fromarray(PICTURE)).enhance(factor)).astype(int)
    received = _Sharpness(factor)(image=PICTURE)["image"].astype(int)
    assert np.abs(received - expected)[1:-1, 1:-1].max() <= 1


def test_operations_are_equally_likely():
    from data.rand_augment import RandAugment

    transform = RandAugment(1, 15, border_mode=0, p=1)
    transform.set_random_state(np.random.default_rng(0), random.Random(0))
    names = [type(transform.get_params()["operations"][0]).__name__ for _ in range(1400)]
    assert 60 < names.count("NoOp") < 140 and 300 < names.count("Affine") < 500
