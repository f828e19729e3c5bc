"""The files that `predict` is asked about."""

import pytest

from car_classifier.base.errors import DataError
from car_classifier.prediction_targets import find_targets


def _paths(*places):
    return [target.path for target in find_targets(places)]


def test_folders_are_searched_to_the_bottom_in_a_fixed_order(tmp_path):
    for name in ("b/2.JPG", "b/deep/1.png", "a.webp", "notes.txt", ".hidden/3.jpg", "b/.4.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    assert _paths(tmp_path) == [tmp_path / "a.webp", tmp_path / "b/2.JPG", tmp_path / "b/deep/1.png"]


def test_files_in_folders_are_judged_by_content_too(tmp_path):
    (tmp_path / "noending").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    (tmp_path / "moving.apng").touch()
    targets = {target.path.name: target.fault for target in find_targets([tmp_path])}
    assert targets == {"moving.apng": None, "noending": None, "phone.heic": "HEIC is not read; convert it to JPEG"}


def test_files_are_taken_as_they_are_named(tmp_path):
    assert _paths(tmp_path / "missing.jpg", tmp_path / "no-ending") == [tmp_path / "missing.jpg", tmp_path / "no-ending"]


def test_csv_names_files_from_its_own_folder_and_boxes(tmp_path):
    (tmp_path / "list.csv").write_text("file,x_min,y_min,x_max,y_max,other\na/1.jpg,1,2,30.5,40,x\n/b/2.jpg,,,,,\n")
    first, second = find_targets([tmp_path / "list.csv"])
    assert first.path == tmp_path / "a/1.jpg" and first.box.tolist() == [1, 2, 30.5, 40]
    assert str(second.path) == "/b/2.jpg" and second.box is None and second.fault is None


@pytest.mark.parametrize("box", ["1,2,3,", "1,2,3,x"])
def test_a_broken_box_is_the_fault_of_its_line_alone(tmp_path, box):
    (tmp_path / "list.csv").write_text(f"file,x_min,y_min,x_max,y_max\na.jpg,{box}\nb.jpg,1,2,3,4\n")
    first, second = find_targets([tmp_path / "list.csv"])
    assert "no four numbers" in first.fault and second.fault is None


def test_csv_without_files_is_refused(tmp_path):
    (tmp_path / "list.csv").write_text("name\na.jpg\n")
    with pytest.raises(DataError, match="no column `file`"):
        _paths(tmp_path / "list.csv")


def test_csv_that_cannot_be_read_is_a_fault_like_that_of_a_picture(tmp_path):
    (tmp_path / "list.csv").write_bytes(b"file\n\xff\xfe\n")
    assert [target.fault for target in find_targets([tmp_path / "list.csv"])][0].startswith("cannot be read")
