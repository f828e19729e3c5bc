import numpy as np
import pytest

from results.box_share import share_in_box, summarise_shares


def test_even_map_has_the_share_of_the_area():
    share, area = share_in_box(np.ones((7, 7)), np.array([10, 20, 60, 70]), (0, 0, 100, 100))
    assert share == pytest.approx(0.25) and area == pytest.approx(0.25)


def test_map_inside_the_box_counts_whole_and_outside_not_at_all():
    heat = np.zeros((4, 4))
    heat[0, 0] = 3
    assert share_in_box(heat, np.array([0, 0, 25, 25]), (0, 0, 100, 100))[0] == pytest.approx(1)
    assert share_in_box(heat, np.array([50, 50, 90, 90]), (0, 0, 100, 100))[0] == 0


def test_what_lies_outside_of_the_seen_part_does_not_count():
    share, area = share_in_box(np.ones((2, 2)), np.array([0, 0, 60, 100]), (50, 0, 70, 100))
    assert share == area == pytest.approx(0.5)


def test_summary_holds_the_difference_picture_by_picture():
    figures = summarise_shares(np.array([0.6, 0.9, 0.7]), np.array([0.5, 0.8, 0.6]), seed=0)
    assert figures["gain"] == pytest.approx(0.1)
    assert figures["gain_high"] - figures["gain_low"] < 1e-9 < figures["share_high"] - figures["share_low"]
