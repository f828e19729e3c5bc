import shutil
from dataclasses import replace

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from data.dataset import Dataset, Split, fingerprint
from data.faults import Fault


@pytest.fixture
def dataset(split):
    return Dataset("tiny", ("a", "b", "c"), {"train": split.take([0, 1, 5, 9]), "test": split.take([2, 6, 10])})


def test_take_keeps_order_labels_and_boxes_together(split):
    taken = split.take([9, 0])
    assert taken.paths == (split.paths[9], split.paths[0])
    assert taken.labels.tolist() == [2, 0] and taken.labels.dtype == np.int32
    assert taken.boxes.shape == (2, 4) and taken.boxes.dtype == np.float32


def test_taking_nothing_gives_an_empty_split(split):
    empty = split.take([])
    assert len(empty) == 0 and empty.boxes.shape == (0, 4)


def test_lengths_must_agree(split):
    with pytest.raises(DataError, match="11 paths, 3 labels"):
        Split(split.paths, [0, 1, 2])


def test_data_set_without_training_pictures_or_with_one_class_is_refused(split):
    with pytest.raises(DataError, match="training pictures"):
        Dataset("tiny", ("a", "b", "c"), {"test": split})
    with pytest.raises(DataError, match="two classes"):
        Dataset("tiny", ("a",), {"train": split})


def test_counts_name_every_class(dataset):
    assert dataset.counts("train").tolist() == [2, 1, 1]


def test_fingerprint_stays_when_the_folder_moves(dataset, tmp_path):
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    splits = {}
    for name, split in dataset.splits.items():
        splits[name] = replace(split, paths=tuple(shutil.copy(path, moved / path.name) for path in split.paths))
    assert fingerprint(replace(dataset, splits=splits)) == fingerprint(dataset)


def test_fingerprint_changes_with_labels_boxes_classes_and_splits(dataset):
    train = dataset.splits["train"]
    others = [
        replace(dataset, class_names=("a", "b", "d")),
        replace(dataset, splits=dataset.splits | {"train": replace(train, labels=train.labels[::-1])}),
        replace(dataset, splits=dataset.splits | {"train": replace(train, boxes=train.boxes + 1)}),
        replace(dataset, splits={"train": train, "validation": dataset.splits["test"]}),
    ]
    assert len({fingerprint(dataset), *map(fingerprint, others)}) == 5


def test_fingerprint_changes_with_the_size_of_a_file(dataset):
    before = fingerprint(dataset)
    with open(dataset.splits["test"].paths[0], "ab") as file:
        file.write(b"\0")
    assert fingerprint(dataset) != before


def test_fingerprint_names_a_missing_file(dataset):
    dataset.splits["test"].paths[0].unlink()
    with pytest.raises(DataError, match=dataset.splits["test"].paths[0].name):
        fingerprint(dataset)


def test_groups_are_taken_along_and_counted(split):
    grouped = replace(split, groups=tuple("aabbccddeef"))
    assert grouped.take([10, 0]).groups == ("f", "a")
    with pytest.raises(DataError, match="11 boxes, 1 groups"):
        replace(split, groups=("a",))


def test_fingerprint_ignores_faults(dataset):
    fault = Fault("class_empty", "d", "There is no picture in it.", "reported")
    assert fingerprint(replace(dataset, faults=(fault,))) == fingerprint(dataset)
