"""One drawn picture: true box, all classes different, chance only in what tells nothing."""

import numpy as np
import pytest

from data.demo import picture as picture_file
from data.demo.car_model import CAR_MODELS
from data.demo.picture import draw_picture

EACH_MODEL = pytest.mark.parametrize("model", CAR_MODELS, ids=lambda model: model.folder_name)


@EACH_MODEL
def test_box_holds_the_car_and_lies_in_the_picture(model):
    for seed in range(5):
        picture = draw_picture(model, seed)
        height, width, _ = picture.pixels.shape
        x_min, y_min, x_max, y_max = picture.box
        assert 0 <= x_min < x_max <= width and 0 <= y_min < y_max <= height
        assert x_max - x_min > 0.4 * width


@EACH_MODEL
def test_box_is_as_tight_as_the_drawn_silhouette(model, monkeypatch):
    background = np.array((16, 16, 20), np.uint8)  # the colour of the shadow, which does not count
    monkeypatch.setattr(picture_file, "draw_scenery", lambda size, generator, horizon: np.tile(background, (*size, 1)))
    monkeypatch.setattr(picture_file, "draw_foreground", lambda pixels, generator: None)
    monkeypatch.setattr(picture_file, "expose", lambda pixels, generator: pixels)
    for seed in range(3):
        picture = draw_picture(model, seed)
        rows, columns = np.nonzero((picture.pixels != background).any(axis=2))
        drawn = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
        assert np.abs(drawn - picture.box).max() <= 2


def test_same_seed_draws_the_same_pixels_and_another_seed_does_not():
    first, again, other = (draw_picture(CAR_MODELS[0], seed).pixels for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_look_alikes_differ_in_the_same_place_and_light():
    names = [model.name for model in CAR_MODELS]
    for plain, special in (
        ("Aurel Brisa Minivan 2012", "Aurel Brisa C/V Cargo Van 2012"),
        ("Aurel Corva Sedan 2012", "Aurel Corva Sport Sedan 2012"),
        ("Halden Tarn Wagon 2011", "Halden Tarn Trail Wagon 2012"),
        ("Tovano Lince Coupe 2012", "Tovano Lince Convertible 2012"),
    ):
        for seed in range(3):
            first, second = (draw_picture(CAR_MODELS[names.index(name)], seed).pixels for name in (plain, special))
            changed = (np.abs(first.astype(int) - second).max(axis=2) > 12).mean()
            assert 0.005 < changed < 0.35


def test_car_models_are_twelve_and_one_name_has_a_slash():
    names = [model.name for model in CAR_MODELS]
    assert len(set(names)) == len(names) == 12
    assert names == sorted(names)
    assert sum("/" in name for name in names) == 1
    assert len({model.folder_name for model in CAR_MODELS}) == 12
