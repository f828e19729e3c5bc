import os

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
    assert dataset.faults == ()


def test_hidden_folders_and_stray_files_are_no_classes(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b", ".thumbnails", "__MACOSX")
    (tmp_path / "readme.txt").touch()
    (tmp_path / "a" / ".hidden.png").touch()
    dataset = read_class_folders(tmp_path)
    assert dataset.class_names == ("a", "b") and len(dataset.splits["train"]) == 4 and dataset.faults == ()


def kinds_and_places(dataset, folder):
    return {(fault.kind, fault.where.removeprefix(f"{folder}/")) for fault in dataset.faults}


def test_empty_class_is_a_fault(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b")
    (tmp_path / "nothing").mkdir()
    dataset = read_class_folders(tmp_path)
    assert dataset.class_names == ("a", "b")
    assert kinds_and_places(dataset, tmp_path) == {("class_empty", "nothing")}


def test_a_folder_whose_classes_lie_one_further_in_is_told_where_they_are(tmp_path, write_pictures):
    write_pictures(tmp_path / "images", "a", "b")
    with pytest.raises(DataError, match=f"If its classes are in images/, pass --data {tmp_path}/images."):
        read_class_folders(tmp_path)


def test_other_files_and_nested_folders_are_named(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b", "a/deeper")
    (tmp_path / "a" / "labels.txt").touch()
    (tmp_path / "stray.png").touch()
    assert kinds_and_places(read_class_folders(tmp_path), tmp_path) == {
        ("file_not_picture", "a/labels.txt"), ("folder_not_searched", "a/deeper"), ("file_without_annotation", "stray.png"),
    }


def test_a_picture_without_an_ending_is_taken_and_a_heic_named_with_what_to_do(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b")
    (tmp_path / "a" / "noending").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "b" / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    dataset = read_class_folders(tmp_path)
    assert tmp_path / "a" / "noending" in dataset.splits["train"].paths
    assert [fault.message for fault in dataset.faults] == ["HEIC is not read; convert it to JPEG."]


def test_what_lies_beside_the_splits_is_named(tmp_path, write_pictures):
    write_pictures(tmp_path / "train", "a", "b")
    write_pictures(tmp_path, "c")
    (tmp_path / "stray.png").touch()
    assert kinds_and_places(read_class_folders(tmp_path), tmp_path) == {
        ("folder_not_searched", "c"), ("file_without_annotation", "stray.png"),
    }


def test_links_are_followed_inside_the_folder_only(tmp_path, write_pictures):
    write_pictures(tmp_path / "photos", "a", "b")
    write_pictures(tmp_path, "elsewhere")
    (tmp_path / "photos" / "a" / "inside.png").symlink_to("000.png")
    (tmp_path / "photos" / "a" / "outside.png").symlink_to(tmp_path / "elsewhere" / "000.png")
    (tmp_path / "photos" / "a" / "nowhere.png").symlink_to("nothing.png")
    (tmp_path / "photos" / "c").symlink_to(tmp_path / "elsewhere")
    dataset = read_class_folders(tmp_path / "photos")
    assert dataset.class_names == ("a", "b") and dataset.counts("train").tolist() == [3, 2]
    assert kinds_and_places(dataset, tmp_path / "photos") == {
        ("path_leaves_folder", "a/outside.png"), ("file_missing", "a/nowhere.png"), ("path_leaves_folder", "c"),
    }


def test_entry_that_is_no_file_and_name_that_is_no_text_are_left_out(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b")
    os.mkfifo(tmp_path / "a" / "pipe.png")
    (tmp_path / "a" / os.fsdecode(b"caf\xe9.png")).touch()
    dataset = read_class_folders(tmp_path)
    assert len(dataset.splits["train"]) == 4
    assert kinds_and_places(dataset, tmp_path) == {
        ("file_not_picture", "a/pipe.png"), ("name_not_text", "a/caf\\udce9.png"),
    }


def test_spaces_newlines_and_other_scripts_in_names_are_read(tmp_path, write_pictures):
    write_pictures(tmp_path, " Wagen groß", "轿车\nred")
    dataset = read_class_folders(tmp_path)
    assert dataset.class_names == (" Wagen groß", "轿车\nred") and len(dataset.splits["train"]) == 4


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
    with pytest.raises(DataError, match="(?s)at least two class folders.*archive/pictures: Folders inside"):
        read_class_folders(tmp_path)


def test_missing_folder_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_class_folders(tmp_path / "missing")


def test_class_called_train_among_other_classes_stays_a_class(tmp_path, write_pictures):
    write_pictures(tmp_path, "bus", "train")
    assert read_class_folders(tmp_path).class_names == ("bus", "train")


def test_table_beside_the_classes_is_noted_as_not_read(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b")
    (tmp_path / "labels.csv").write_text("file,label\n")
    (note,) = read_class_folders(tmp_path).notes
    assert "labels.csv is not read" in note and note.endswith(f"pass --data {tmp_path / 'labels.csv'}.")


def test_folder_without_classes_hints_at_its_table(tmp_path):
    (tmp_path / "labels.csv").write_text("file,label\n")
    with pytest.raises(DataError, match=r"pass --data .*labels\.csv"):
        read_class_folders(tmp_path)
