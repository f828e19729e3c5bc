from dataclasses import replace

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from data.checked_dataset import apply_inspection, left_out
from data.dataset import Dataset
from data.inspection import Inspection, inspect_pictures


@pytest.fixture
def dataset(split):
    """Ten training pictures and one of test, each 32×24 with the box 4, 2, 28, 20."""
    return Dataset("tiny", ("a", "b", "c"), {"train": split.take(np.arange(10)), "test": split.take([10])}, ("before",))


def inspected(dataset):
    return inspect_pictures([path for split in dataset.splits.values() for path in split.paths], max_megapixels=50)


def with_boxes(dataset, **boxes):
    train = dataset.splits["train"]
    changed = train.boxes.copy()
    for place, box in boxes.items():
        changed[int(place[1:])] = box
    return replace(dataset, splits=dataset.splits | {"train": replace(train, boxes=changed)})


def test_bad_pictures_are_left_out_and_named(dataset):
    bad = [dataset.splits["train"].paths[0], dataset.splits["train"].paths[9], dataset.splits["test"].paths[0]]
    for path in bad:
        path.write_text("no picture")
    checked = apply_inspection(dataset, inspected(dataset))
    assert {name: len(content) for name, content in checked.splits.items()} == {"train": 8}
    assert [(fault.kind, fault.where, fault.effect) for fault in checked.faults] == [
        *(("picture_unusable", str(path), "left_out") for path in bad), ("class_empty", "c", "reported")
    ]
    assert checked.notes == ("before", "The test split lost all its pictures.")
    assert [path for path, _ in left_out(checked)] == bad
    assert len(dataset.splits["train"]) == 10


def test_class_that_loses_its_pictures_in_one_split_is_reported_once(split):
    dataset = Dataset("tiny", ("a", "b", "c"), {"train": split.take([0, 5, 9]), "test": split.take([1, 6])})
    split.paths[6].write_text("no picture")
    checked = apply_inspection(dataset, inspected(dataset))
    assert [(fault.kind, fault.where) for fault in checked.faults] == [
        ("picture_unusable", str(split.paths[6])), ("class_missing_in_split", "b")
    ]
    assert checked.faults[1].message == "This class has pictures in train, but none in test."


def test_box_is_cut_to_its_picture(dataset):
    dataset = with_boxes(dataset, p3=[-5, 2, 40, 20])
    checked = apply_inspection(dataset, inspected(dataset))
    assert checked.splits["train"].boxes[3].tolist() == [0, 2, 32, 20] and len(checked.splits["train"]) == 10
    (fault,) = checked.faults
    assert (fault.kind, fault.effect) == ("box_outside_picture", "changed")
    assert "-5, 2, 40, 20" in fault.message and "32×24" in fault.message and "0, 2, 32, 20" in fault.message


@pytest.mark.parametrize("box", [[33, 2, 40, 20], [4, -9, 28, 0], [500, 500, 600, 600]])
def test_picture_whose_box_lies_outside_is_left_out(dataset, box):
    dataset = with_boxes(dataset, p3=box)
    checked = apply_inspection(dataset, inspected(dataset))
    assert dataset.splits["train"].paths[3] not in checked.splits["train"].paths and len(checked.splits["train"]) == 9
    assert [(fault.kind, fault.effect) for fault in checked.faults] == [("box_outside_picture_entirely", "left_out")]
    assert left_out(checked)[0][0] == dataset.splits["train"].paths[3]


def test_box_on_the_rim_is_no_fault(dataset):
    dataset = with_boxes(dataset, p3=[0, 0, 32, 24])
    assert not apply_inspection(dataset, inspected(dataset)).faults


def test_nothing_bad_changes_nothing(dataset):
    assert apply_inspection(dataset, inspected(dataset)) is dataset


def test_no_training_picture_left_is_an_error(dataset):
    bad = {path: "damaged" for split in dataset.splits.values() for path in split.paths}
    with pytest.raises(DataError, match="None of the training pictures.*00.png: Damaged"):
        apply_inspection(dataset, Inspection({}, bad))
