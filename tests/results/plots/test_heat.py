import numpy as np
import pytest
from PIL import Image

from results.plots.heat import paint_heat, plot_explanation

PICTURE = np.full((30, 40, 3), 128, np.uint8)


def test_cold_places_stay_grey_hot_ones_are_coloured_and_unseen_ones_dark():
    heat = np.zeros((30, 40), np.float32)
    heat[:, 20:30], heat[:, 30:] = 1, np.nan
    painted = paint_heat(PICTURE, heat)
    assert (painted[0, 0] == 128).all()
    assert np.ptp(painted[0, 25].astype(int)) > 30
    assert (painted[0, 35] < 60).all()


def test_every_layer_has_a_panel(tmp_path):
    heat = np.zeros((30, 40), np.float32)
    sizes = []
    for count in (1, 3):
        maps = [(f"layer_{number}$", heat) for number in range(count)]
        plot_explanation(PICTURE, maps, title="$A$ 100 %", subtitle="a_b$.jpg", path=tmp_path / "a.png")
        with Image.open(tmp_path / "a.png") as image:
            sizes.append(image.size)
    assert sizes[1][0] > sizes[0][0] and sizes[1][1] > sizes[0][1]


@pytest.mark.parametrize("shape", [(40, 400, 3), (200, 200, 3), (400, 100, 3)])
def test_nothing_but_a_title_stands_above_the_panels_and_a_line_below(tmp_path, shape):
    heat = np.ones(shape[:2], np.float32)
    plot_explanation(np.zeros(shape, np.uint8), [("a", heat)], title="A", subtitle="b", path=tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        rows = (np.asarray(image.convert("L")) < 250).any(axis=1)
    empty = np.diff(np.flatnonzero(np.concatenate([[True], rows, [True]])))
    assert empty.max() < 40  # pixels: about 8 mm
