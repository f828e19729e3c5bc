import numpy as np
import pytest

from car_classifier.heat import spread_over_picture


def test_map_lies_over_what_the_model_saw_and_nothing_else():
    heat = spread_over_picture(np.ones((4, 4), np.float32), (40, 60, 3), (20, 10, 50, 40))
    assert np.isnan(heat[:9]).all() and np.isnan(heat[:, :19]).all() and np.isnan(heat[:, 51:]).all()
    assert (heat[10:40, 20:50] == 1).all()


def test_hot_cell_stays_in_its_place():
    values = np.zeros((4, 6), np.float32)
    values[1, 4] = 7
    heat = spread_over_picture(values, (80, 120, 3), (0, 0, 120, 80))
    assert np.unravel_index(heat.argmax(), heat.shape) == (pytest.approx(30, abs=1), pytest.approx(90, abs=1))
    assert heat.max() == pytest.approx(1, abs=0.06)


def test_padded_square_reaches_beyond_the_picture():
    values = np.zeros((4, 4), np.float32)
    values[0] = 1  # on the rim above the picture
    heat = spread_over_picture(values, (40, 80, 3), (0, -20, 80, 60))
    assert heat[0].max() < 0.5 and heat[20:].max() == 0


def test_map_of_nothing_is_nothing():
    assert (spread_over_picture(np.zeros((2, 2), np.float32), (8, 8, 3), (0, 0, 8, 8)) == 0).all()
