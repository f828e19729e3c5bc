import pytest

from car_classifier.base.errors import DataError
from data.readers.stanford_cars import holds_stanford_cars, read_stanford_cars
from tests.data.readers.miniature_cars import NAMES, write_by_classes, write_kit, write_single

LAYOUTS = {"by_classes": write_by_classes, "development_kit": write_kit, "single_file": write_single}


@pytest.mark.parametrize("write", LAYOUTS.values(), ids=LAYOUTS)
class TestEveryLayout:
    """Each test sees each layout."""

    def test_the_same_pictures_are_read(self, tmp_path, write):
        write(tmp_path)
        assert holds_stanford_cars(tmp_path)
        dataset = read_stanford_cars(tmp_path)
        assert dataset.class_names == NAMES and dataset.faults == () and dataset.has_boxes
        assert dataset.splits["train"].labels.tolist() == [1, 0, 1, 0] and len(dataset.splits["test"]) == 2
        assert dataset.splits["train"].boxes.tolist() == [[1, 2, 30, 20]] * 4
        assert all(path.is_file() for path in dataset.splits["train"].paths)

    def test_other_numbers_than_published_are_reported(self, tmp_path, write):
        write(tmp_path / "stanford_cars")
        messages = [fault.message for fault in read_stanford_cars(tmp_path / "stanford_cars").faults]
        assert [message.split(" can be used")[0] for message in messages] == [
            "2 classes", "4 train pictures", "2 test pictures"
        ]
        assert "published has 8,144" in messages[1]


def test_complete_layout_goes_before_one_in_part(tmp_path):
    (tmp_path / "devkit").mkdir()
    write_single(tmp_path)
    assert len(read_stanford_cars(tmp_path).splits["train"]) == 4


def test_folder_without_any_layout_says_what_the_three_are(tmp_path):
    (tmp_path / "car").mkdir()
    with pytest.raises(DataError, match="(?s)no layout.*names.csv.*cars_meta.mat.*car_ims/"):
        read_stanford_cars(tmp_path)


def test_real_cars_are_all_found(real_data):
    dataset = read_stanford_cars(real_data / "stanford_cars")
    assert len(dataset.class_names) == 196 and dataset.class_names[173] == "Ram C/V Cargo Van Minivan 2012"
    assert {name: len(split) for name, split in dataset.splits.items()} == {"train": 5204, "test": 1305}
    assert [fault.kind for fault in dataset.faults] == ["counts_differ"] * 2
    for split in dataset.splits.values():
        folders = [dataset.class_names[label].replace("/", "-") for label in split.labels]
        assert folders == [path.parent.name for path in split.paths]
