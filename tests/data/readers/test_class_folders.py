import pytest

from car_classifier.base.errors import DataError
from data.readers.class_folders import read_class_folders


def test_classes_are_the_folders_in_sorted_order(tmp_path, write_pictures):
    write_pictures(tmp_path, "b", "a", "Z")
    dataset = read_class_folders(tmp_path)
    assert dataset.class_names == ("Z", "a", "b")
    assert [path.parent.name for path in dataset.splits["train"].paths] == ["Z", "Z", "a", "a", "b", "b"]
    assert dataset.splits["train"].labels.tolist() == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("name", ["val", "valid", "validation", "Val"])
def test_splits_are_told_by_their_names(tmp_path, write_pictures, name):
    for split in ("train", name, "test"):
        write_pictures(tmp_path / split, "a", "b")
    dataset = read_class_folders(tmp_path)
    assert {split: len(content) for split, content in dataset.splits.items()} == {
        "train": 4,
        "validation": 4,
        "test": 4,
    }
    assert dataset.notes == ()


def test_hidden_folders_and_stray_files_are_no_classes(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b", ".thumbnails", "__MACOSX")
    (tmp_path / "readme.txt").touch()
    (tmp_path / "a" / ".hidden.png").touch()
    dataset = read_class_folders(tmp_path)
    assert dataset.class_names == ("a", "b") and len(dataset.splits["train"]) == 4 and dataset.notes == ()


def test_empty_class_is_noted(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b")
    (tmp_path / "nothing").mkdir()
    dataset = read_class_folders(tmp_path)
    assert dataset.class_names == ("a", "b")
    assert dataset.notes == ("Folders without pictures are no classes: nothing.",)


def test_class_in_one_split_only_is_noted(tmp_path, write_pictures):
    write_pictures(tmp_path / "train", "a", "b", "only_train")
    write_pictures(tmp_path / "test", "a", "b", "only_test")
    dataset = read_class_folders(tmp_path)
    assert dataset.class_names == ("a", "b", "only_test", "only_train")
    assert set(dataset.notes) == {
        "Classes without a picture in test: only_train.",
        "Classes without a picture in train: only_test.",
    }


def test_other_files_and_nested_folders_are_noted(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b", "a/deeper")
    (tmp_path / "a" / "labels.txt").touch()
    notes = " ".join(read_class_folders(tmp_path).notes)
    assert "1 .txt" in notes and "not searched: a" in notes


def test_split_that_is_there_twice_is_refused(tmp_path, write_pictures):
    for split in ("train", "val", "valid"):
        write_pictures(tmp_path / split, "a", "b")
    with pytest.raises(DataError, match="validation split twice: val and valid"):
        read_class_folders(tmp_path)


def test_test_without_train_is_refused(tmp_path, write_pictures):
    write_pictures(tmp_path / "test", "a", "b")
    with pytest.raises(DataError, match="no folder 'train'"):
        read_class_folders(tmp_path)


def test_one_level_too_high_is_explained(tmp_path, write_pictures):
    write_pictures(tmp_path / "archive" / "pictures", "a", "b")
    with pytest.raises(DataError, match="at least two class folders.*not searched: archive"):
        read_class_folders(tmp_path)


def test_missing_folder_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_class_folders(tmp_path / "missing")


def test_class_called_train_among_other_classes_stays_a_class(tmp_path, write_pictures):
    write_pictures(tmp_path, "bus", "train")
    assert read_class_folders(tmp_path).class_names == ("bus", "train")
