"""Banners below photographs: cut off wherever a picture of a split is opened."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from car_classifier.base.errors import DataError
from data.checked_dataset import apply_inspection
from data.dataset import Dataset, Split, concatenate_splits, fingerprint
from data.geometry import PictureGeometry
from data.inspection import inspect_pictures
from data.loader import PictureLoader
from data.loader_options import LoaderOptions
from data.split_picture import open_picture


@pytest.fixture
def bannered(tmp_path):
    """Two pictures of 30×40 pixels, grey above a white banner of 8 rows, and one that is as low as the banner."""
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path, height in zip(paths, (40, 40, 8)):
        picture = np.full((height, 30, 3), 100, np.uint8)
        picture[-8:] = 255
        Image.fromarray(picture).save(path)
    return Split(paths, [0, 1, 1], np.tile([0, 0, 30, 40], (3, 1)), banners=[8, 8, 8])


def test_opened_picture_has_no_banner(bannered):
    assert open_picture(bannered, 0).shape == (32, 30, 3) and open_picture(bannered, 0).max() == 100
    assert open_picture(replace(bannered, banners=None), 0).shape == (40, 30, 3)


@pytest.mark.parametrize("cut_to_box", [False, True])
def test_loader_sees_no_banner(bannered, cut_to_box):
    split = bannered.take(np.array([0, 1]))
    boxes = replace(split, boxes=np.tile([0, 0, 30, 32], (2, 1)))
    geometry = PictureGeometry(image_size=16, cut_to_box=cut_to_box, box_margin=0.5)
    loader = PictureLoader(boxes, num_classes=2, geometry=geometry, options=LoaderOptions(batch_size=2, seed=0, shuffle=False))
    plain = PictureLoader(replace(boxes, banners=None), num_classes=2, geometry=geometry,
                          options=LoaderOptions(batch_size=2, seed=0, shuffle=False))
    assert next(loader.epoch(0)).pictures.max() == 100 < next(plain.epoch(0)).pictures.max()
    assert loader.identity != plain.identity


def test_box_is_cut_to_the_photograph_and_a_picture_of_banner_alone_is_left_out(bannered):
    dataset = Dataset("x", ("a", "b"), {"train": bannered})
    checked = apply_inspection(dataset, inspect_pictures(bannered.paths, max_megapixels=1))
    assert checked.splits["train"].boxes.tolist() == [[0, 0, 30, 32]] * 2
    assert [(fault.kind, fault.effect) for fault in checked.faults] == [
        ("picture_unusable", "left_out"), ("box_outside_picture", "changed"), ("box_outside_picture", "changed"),
    ]


def test_banner_belongs_to_the_fingerprint(bannered):
    def of(split):
        return fingerprint(Dataset("x", ("a", "b"), {"train": split}))

    assert of(bannered) != of(replace(bannered, banners=[8, 8, 0])) != of(replace(bannered, banners=None))


def test_splits_are_joined_with_banners_groups_and_boxes_as_far_as_there_are(bannered):
    plain = replace(bannered, banners=None, boxes=None, groups=("day", "day", ""))
    both = concatenate_splits([bannered, plain])
    assert both.banners.tolist() == [8] * 3 + [0] * 3 and both.boxes is None
    assert both.groups == ("",) * 3 + ("day", "day", "") and both.labels.tolist() == [0, 1, 1] * 2


def test_as_many_banners_as_pictures_are_needed(bannered):
    with pytest.raises(DataError, match="3 paths, 3 labels, 3 boxes, 1 banners"):
        replace(bannered, banners=[8])


def test_level_needs_a_group_for_each_class(bannered):
    with pytest.raises(DataError, match="The level 'family' of 'x' needs a group for each of the 2 classes. Received: 1"):
        Dataset("x", ("a", "b"), {"train": bannered}, levels={"family": ("c",)})
