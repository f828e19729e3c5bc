import numpy as np
import pytest
from pydantic import ValidationError

from car_classifier.base.errors import DataError
from data.geometry import PictureGeometry
from tests.data.conftest import random_picture

GEOMETRIES = ["stretch", "pad", "crop"]


def four_corners(height: int, width: int) -> np.ndarray:
    """A picture whose quarters have grey values 0, 80, 160, 240 in reading order."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, width // 2 :] = 80
    picture[height // 2 :, : width // 2] = 160
    picture[height // 2 :, width // 2 :] = 240
    return picture


@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 2), (31, 33), (32, 32), (300, 31)])
def test_any_picture_becomes_the_square(geometry, shape):
    square = PictureGeometry(image_size=32, geometry=geometry).apply(random_picture(1, *shape))
    assert square.shape == (32, 32, 3) and square.dtype == np.uint8 and square.flags.c_contiguous


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_picture_of_the_right_size_stays(geometry):
    picture = random_picture(1, 32, 32)
    assert (PictureGeometry(image_size=32, geometry=geometry).apply(picture) == picture).all()


def test_stretch_keeps_all_of_the_picture():
    square = PictureGeometry(image_size=32).apply(four_corners(40, 200))
    assert [int(square[y, x, 0]) for y in (2, 29) for x in (2, 29)] == [0, 80, 160, 240]


def test_crop_keeps_the_middle_and_the_proportions():
    picture = np.full((40, 200, 3), 255, np.uint8)
    picture[:, 80:120] = 10
    assert (PictureGeometry(image_size=20, geometry="crop").apply(picture) == 10).all()


def test_pad_fills_the_rim_and_keeps_the_proportions():
    square = PictureGeometry(image_size=40, geometry="pad", fill_colour=(1, 2, 3)).apply(
        np.full((50, 100, 3), 200, np.uint8)
    )
    assert (square[:10] == [1, 2, 3]).all() and (square[30:] == [1, 2, 3]).all() and (square[10:30] == 200).all()


@pytest.mark.parametrize("shape", [(256, 256), (256, 16)])
def test_shrinking_is_antialiased(shape):
    stripes = np.zeros((*shape, 3), np.uint8)
    stripes[::2] = 254
    square = PictureGeometry(image_size=32).apply(stripes)
    assert np.abs(square.astype(int) - 127).max() <= 1


def test_box_with_margin_is_cut_and_clipped():
    picture = np.full((100, 100, 3), 255, np.uint8)
    picture[10:60, 0:50] = 7
    cut = PictureGeometry(image_size=16, cut_to_box=True, box_margin=0.25)
    assert (cut.apply(picture, np.array([0, 20, 40, 50])) == 7).all()  # with its margin x 0..50, y 12..58
    assert (cut.apply(picture, np.array([0, 20, 60, 50])) != 7).any()


def test_box_counts_only_when_asked_for():
    picture = random_picture(1, 64, 64)
    box = np.array([0, 0, 20, 20])
    whole = PictureGeometry(image_size=32).apply(picture)
    assert (PictureGeometry(image_size=32).apply(picture, box) == whole).all()
    assert (PictureGeometry(image_size=32, cut_to_box=True).apply(picture) == whole).all()


@pytest.mark.parametrize("box", [(5, 5, 5, 9), (9, 5, 5, 9), (70, 5, 90, 9), (-9, 5, -1, 9), (float("nan"), 0, 5, 5)])
def test_box_without_area_is_an_error(box):
    with pytest.raises(DataError, match="no area inside the picture of 64×48"):
        PictureGeometry(image_size=32, cut_to_box=True).apply(random_picture(1, 48, 64), np.array(box))


def test_geometry_survives_storage():
    geometry = PictureGeometry(image_size=224, geometry="pad", cut_to_box=True, box_margin=0.1)
    assert PictureGeometry.model_validate_json(geometry.model_dump_json()) == geometry


def test_unknown_geometry_is_refused():
    with pytest.raises(ValidationError, match="geometry"):
        PictureGeometry(image_size=32, geometry="squeeze")


@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("shape", [(60, 90), (90, 60), (64, 64)])
@pytest.mark.parametrize("cut", [True, False])
def test_seen_part_is_where_the_square_comes_from(geometry, shape, cut):
    box = np.array([10, 12, 50, 42], np.float32)
    how = PictureGeometry(image_size=32, geometry=geometry, cut_to_box=cut, box_margin=0.1, fill_colour=(0, 0, 0))
    picture = np.zeros((*shape, 3), np.uint8)
    picture[24:32, 28:36] = 255
    bright = np.argwhere(how.apply(picture, box)[..., 0] > 127)
    x_min, y_min, x_max, y_max = how.seen_part(picture.shape, box)
    found = (bright.mean(axis=0) + 0.5) / 32 * [y_max - y_min, x_max - x_min] + [y_min, x_min]
    assert found == pytest.approx([28, 32], abs=1.6)
