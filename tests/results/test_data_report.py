"""The page about a data set."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from results.data_record import DataRecord, DuplicateRow, FaultRow, SheetCell
from results.data_report import MOST_FAULTS, headline, write_data_report


@pytest.fixture
def record():
    """Three classes in two splits, with a fault and a duplicate."""
    return DataRecord(
        name="cars", source="cars", root="/pictures", command="python -m car_classifier data inspect --data cars",
        class_names=("Red <b>", "$Blue$", "Green_1"), counts={"train": np.array([5, 40, 9]), "test": np.array([2, 3, 0])},
        sizes=np.array([[64, 48]] * 58 + [[4000, 3000]]), boxes=np.tile([0.1, 0.2, 0.9, 0.8], (59, 1)), num_files=60,
        faults=(FaultRow("picture_unusable", "cannot be decoded", "/pictures/a/<1>.jpg", "Damaged.", "left_out"),),
        duplicates=(
            DuplicateRow("same", ("/pictures/a/2.jpg", "/pictures/b/3.jpg"), ("train", "test"), ("Red <b>", "$Blue$")),
        ),
        notes=("A note.",), seconds=3.0,
    )


def cells(num_classes, per_class):
    picture = np.zeros((30, 40, 3), np.uint8)
    return [SheetCell(picture, np.array([4, 4, 30, 20]), f"class {label}") for label in range(num_classes)
            for _ in range(per_class)]


def size_of(path):
    with Image.open(path) as picture:
        return picture.size


def test_page_sheet_and_plots_are_written(record, tmp_path):
    files = write_data_report(record, tmp_path, cells=cells(3, 4), columns=4, thumbnails={})
    page = files.page.read_text()
    assert {path.name for path in (tmp_path / "plots").iterdir()} == {"class_balance.png", "picture_sizes.png", "boxes.png"}
    assert "a/&lt;1&gt;.jpg: Damaged." in page and "<b>" not in page and "/pictures/a" not in page
    assert "59 pictures of 3 classes, 1 fault" in page and "Red &lt;b&gt; and $Blue$" in page and "A note." in page
    assert "http" not in page.replace("http-equiv", "")


def test_sheet_holds_a_row_per_class_or_a_cell_per_class(record, tmp_path):
    for folder, chosen, columns in (("few", cells(12, 8), 8), ("many", cells(196, 1), 14)):
        write_data_report(record, tmp_path / folder, cells=chosen, columns=columns, thumbnails={})
    sizes = [size_of(tmp_path / folder / "contact_sheet.png") for folder in ("few", "many")]
    assert abs(sizes[1][0] / sizes[0][0] - 14 / 8) < 0.01
    assert 12 * 130 < sizes[0][1] < 12 * 190 and 14 * 170 < sizes[1][1] < 14 * 210


def test_data_without_boxes_faults_or_sheet_have_a_page(record, tmp_path):
    plain = replace(record, boxes=np.empty((0, 4)), faults=(), duplicates=())
    files = write_data_report(plain, tmp_path, cells=[], columns=1, thumbnails={})
    page = files.page.read_text()
    assert files.sheet is None and "no fault" in page and "What is wrong" not in page and "Contact sheet" not in page
    assert not (tmp_path / "plots" / "boxes.png").exists()


def test_long_lists_are_cut_and_say_so(record, tmp_path):
    faults = record.faults * (MOST_FAULTS + 5)
    page = write_data_report(replace(record, faults=faults), tmp_path, cells=[], columns=1, thumbnails={}).page.read_text()
    assert page.count("Damaged.") == MOST_FAULTS and "and 5 more, in inspection.json" in page


@pytest.mark.parametrize("num_classes", [2, 196, 700])
def test_balance_is_drawn_for_any_number_of_classes(record, tmp_path, num_classes):
    names = tuple(f"Make and model {number} Convertible 2012" for number in range(num_classes))
    many = replace(record, class_names=names, counts={"train": np.arange(1, num_classes + 1)})
    write_data_report(many, tmp_path, cells=[], columns=1, thumbnails={})
    width, height = size_of(tmp_path / "plots" / "class_balance.png")
    assert width < 1800 and height < 2200


def test_headline_and_size_in_words(record):
    assert headline(record) == "59 pictures of 3 classes, 1 fault"
    assert record.size_in_words() == "64 to 4000 wide, 48 to 3000 high; median 64×48"
    assert replace(record, sizes=np.array([[9, 8]])).size_in_words() == "all 9×8"


@pytest.mark.parametrize(("root", "text", "short"), [
    ("s", "s/cats/bad.jpg", "cats/bad.jpg"), ("s", "cats/bad.jpg", "cats/bad.jpg"), ("", "cats/bad.jpg", "cats/bad.jpg"),
    ("/p", "/p/1.jpg stands in /p/list.csv", "1.jpg stands in /p/list.csv"),
])
def test_only_the_beginning_of_a_path_is_cut_off(record, root, text, short):
    assert replace(record, root=root).short(text) == short


def test_a_side_that_all_pictures_share_is_no_range(record):
    assert replace(record, sizes=np.array([[128, 48], [128, 96]])).size_in_words().startswith("128 wide, 48 to 96 high")
