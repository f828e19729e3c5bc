import shutil

import pytest

from car_classifier.base.errors import DataError
from data.readers.cars_by_classes import read_cars_by_classes


@pytest.fixture
def cars(tmp_path, write_pictures):
    """Two classes, the second with "/" in its name, two pictures each in train and one each in test; names recur."""
    folder = tmp_path / "cars"
    for split, count in (("train", 2), ("test", 1)):
        write_pictures(folder / "car_data" / split, "Van 2012", "Ram C-V 2012", count=count)
    (folder / "names.csv").write_text("Van 2012\nRam C/V 2012\n")
    (folder / "anno_train.csv").write_text(
        "000.png,1,2,30,20,2\n001.png,1,2,30,20,2\n000.png,0,0,32,24,1\n001.png,0,0,32,24,1\n"
    )
    (folder / "anno_test.csv").write_text("000.png,1,2,30,20,1\n000.png,1,2,30,20,2\n")
    return folder


def add_line(cars, line):
    with open(cars / "anno_train.csv", "a") as file:
        file.write(line + "\n")


def test_labels_and_boxes_come_from_the_annotations(cars):
    dataset = read_cars_by_classes(cars)
    train = dataset.splits["train"]
    assert dataset.class_names == ("Van 2012", "Ram C/V 2012") and dataset.faults == ()
    assert train.labels.tolist() == [1, 1, 0, 0] and train.boxes[0].tolist() == [1, 2, 30, 20]
    assert train.paths[0] == cars / "car_data" / "train" / "Ram C-V 2012" / "000.png" and train.paths[0].is_file()


def test_archive_with_car_data_nested_twice_is_read(cars):
    (cars / "car_data").rename(cars / "inner")
    (cars / "car_data").mkdir()
    (cars / "inner").rename(cars / "car_data" / "car_data")
    assert len(read_cars_by_classes(cars).splits["train"]) == 4


@pytest.mark.parametrize(
    ("line", "kind", "complaint"),
    [
        ("000.png,1,2,30,20", "annotation_malformed", "Expected: file,x_min"),
        ("000.png,1,2,x,20,1", "annotation_malformed", "Received: 1, 2, x, 20"),
        ("000.png,1,2,30,20,Van", "annotation_malformed", "class number. Received: Van"),
        ("000.png,1,2,30,20,3", "label_out_of_range", "from 1 to 2"),
        ("000.png,1,2,30,20,0", "label_out_of_range", "from 1 to 2"),
        ("000.png,30,2,30,20,1", "box_without_area", "no area"),
        ("000.png,nan,2,30,20,1", "box_without_area", "no area"),
        ("../000.png,1,2,30,20,1", "path_leaves_folder", "plain file name"),
        ("..,1,2,30,20,1", "path_leaves_folder", "leads out"),
        (",1,2,30,20,1", "annotation_malformed", "names no file"),
        ("002.png,1,2,30,20,1", "file_missing", "002.png is not there"),
        ("000.png,1,2,30,20,1", "file_listed_twice", "line 3 already"),
    ],
)
def test_bad_line_is_left_out_and_named(cars, line, kind, complaint):
    add_line(cars, line)
    dataset = read_cars_by_classes(cars)
    assert len(dataset.splits["train"]) == 4
    (fault,) = dataset.faults
    assert (fault.kind, fault.where) == (kind, f"{cars / 'anno_train.csv'}, line 5") and complaint in fault.message


def test_picture_in_the_folder_of_another_class_keeps_its_annotated_class(cars):
    place = cars / "car_data" / "train"
    (place / "Van 2012" / "001.png").rename(place / "Van 2012" / "002.png")
    shutil.move(place / "Ram C-V 2012" / "000.png", place / "Van 2012" / "003.png")
    (cars / "anno_train.csv").write_text("000.png,0,0,9,9,1\n003.png,0,0,9,9,2\n002.png,0,0,9,9,1\n")
    dataset = read_cars_by_classes(cars)
    assert dataset.splits["train"].labels.tolist() == [0, 1, 0]
    assert {fault.kind for fault in dataset.faults} == {"folder_contradicts", "file_without_annotation"}


def test_same_file_under_two_labels_is_left_out(cars):
    shutil.rmtree(cars / "car_data" / "train" / "Ram C-V 2012")
    (cars / "anno_train.csv").write_text("000.png,0,0,9,9,1\n001.png,0,0,9,9,1\n001.png,0,0,9,9,2\n")
    dataset = read_cars_by_classes(cars)
    assert [path.name for path in dataset.splits["train"].paths] == ["000.png"]
    assert [fault.kind for fault in dataset.faults if "line 3" in fault.where] == ["labels_contradict"]


def test_renamed_class_folder_is_named_with_its_pictures(cars):
    (cars / "car_data" / "train" / "Ram C-V 2012").rename(cars / "car_data" / "train" / "Ram")
    dataset = read_cars_by_classes(cars)
    assert dataset.splits["train"].labels.tolist() == [0, 0]
    kinds = [fault.kind for fault in dataset.faults]
    assert kinds == ["file_missing"] * 2 + ["folder_contradicts"] + ["file_without_annotation"] * 2


@pytest.mark.parametrize("name", ["names.csv", "anno_test.csv"])
def test_missing_file_of_the_layout_is_named(cars, name):
    (cars / name).unlink()
    with pytest.raises(DataError, match=f"lacks {name}.*Expected"):
        read_cars_by_classes(cars)


def test_missing_pictures_are_named(cars):
    shutil.rmtree(cars / "car_data")
    with pytest.raises(DataError, match="lacks car_data/train"):
        read_cars_by_classes(cars)


def test_nothing_usable_is_refused_with_the_first_fault(cars):
    (cars / "anno_train.csv").write_text("000.png,1,2,30,20,7\n")
    with pytest.raises(DataError, match="no training picture.*anno_train.csv, line 1: There is no such class"):
        read_cars_by_classes(cars)


def test_class_named_twice_is_refused(cars):
    (cars / "names.csv").write_text("Van 2012\nVan 2012\n")
    with pytest.raises(DataError, match="more than once: Van 2012"):
        read_cars_by_classes(cars)
