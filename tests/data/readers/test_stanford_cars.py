import shutil

import pytest

from car_classifier.base.errors import DataError
from data.readers.stanford_cars import read_stanford_cars


@pytest.fixture
def cars(tmp_path, write_pictures):
    """Two classes, the second with "/" in its name, two pictures each in train and one each in test."""
    folder = tmp_path / "stanford_cars"
    for split, count in (("train", 2), ("test", 1)):
        write_pictures(folder / "car_data" / split, "Van 2012", "Ram C-V 2012", count=count)
    (folder / "names.csv").write_text("Van 2012\nRam C/V 2012\n")
    (folder / "anno_train.csv").write_text(
        "000.png,1,2,30,20,2\n001.png,1,2,30,20,2\n000.png,0,0,32,24,1\n001.png,0,0,32,24,1\n"
    )
    (folder / "anno_test.csv").write_text("000.png,1,2,30,20,1\n000.png,1,2,30,20,2\n")
    return folder


def test_labels_and_boxes_come_from_the_annotations(cars):
    dataset = read_stanford_cars(cars)
    train = dataset.splits["train"]
    assert dataset.class_names == ("Van 2012", "Ram C/V 2012")
    assert train.labels.tolist() == [1, 1, 0, 0]
    assert train.boxes[0].tolist() == [1, 2, 30, 20]
    assert train.paths[0] == cars / "car_data" / "train" / "Ram C-V 2012" / "000.png" and train.paths[0].is_file()
    assert len(dataset.splits["test"]) == 2 and dataset.notes == ()


def test_archive_with_car_data_nested_twice_is_read(cars):
    (cars / "car_data").rename(cars / "inner")
    (cars / "car_data").mkdir()
    (cars / "inner").rename(cars / "car_data" / "car_data")
    assert len(read_stanford_cars(cars).splits["train"]) == 4


def test_absent_files_and_files_without_annotation_are_noted(cars, write_pictures):
    (cars / "car_data" / "train" / "Van 2012" / "000.png").unlink()
    write_pictures(cars / "car_data" / "test", "Van 2012", count=3)
    dataset = read_stanford_cars(cars)
    assert len(dataset.splits["train"]) == 3
    assert "1 annotations of train name files that are not there" in dataset.notes[0]
    assert "2 files of test have no annotation" in dataset.notes[1]


def test_renamed_class_folder_is_named(cars):
    (cars / "car_data" / "train" / "Ram C-V 2012").rename(cars / "car_data" / "train" / "Ram")
    with pytest.raises(DataError, match="lacks the folder 'Ram C-V 2012'.*no class is named after: Ram"):
        read_stanford_cars(cars)


@pytest.mark.parametrize("name", ["names.csv", "anno_test.csv"])
def test_missing_file_of_the_layout_is_named(cars, name):
    (cars / name).unlink()
    with pytest.raises(DataError, match=f"lacks {name}.*Expected"):
        read_stanford_cars(cars)


def test_missing_pictures_are_named(cars):
    shutil.rmtree(cars / "car_data")
    with pytest.raises(DataError, match="lacks car_data/train"):
        read_stanford_cars(cars)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("000.png,1,2,30,20", "is no annotation"),
        ("000.png,1,2,x,20,1", "is no annotation"),
        ("000.png,1,2,30,20,3", "from 1 to 2"),
        ("000.png,30,2,30,20,1", "no area"),
        ("000.png,nan,2,30,20,1", "no area"),
        ("../000.png,1,2,30,20,1", "names no file"),
    ],
)
def test_bad_annotation_is_named_with_its_line(cars, line, complaint):
    with open(cars / "anno_train.csv", "a") as file:
        file.write(line + "\n")
    with pytest.raises(DataError, match=f"anno_train.csv, line 5.*{complaint}"):
        read_stanford_cars(cars)


def test_real_cars_are_all_found(real_data):
    dataset = read_stanford_cars(real_data / "stanford_cars")
    assert len(dataset.class_names) == 196 and dataset.class_names[173] == "Ram C/V Cargo Van Minivan 2012"
    assert {name: len(split) for name, split in dataset.splits.items()} == {"train": 5204, "test": 1305}
    for split in dataset.splits.values():
        folders = [dataset.class_names[label].replace("/", "-") for label in split.labels]
        assert folders == [path.parent.name for path in split.paths]
