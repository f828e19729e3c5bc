from pkgutil import resolve_name

import pytest

from car_classifier.base.errors import UserError
from data.config import DataConfig
from data.registry import DATASETS, read_dataset


@pytest.mark.parametrize("name", DATASETS)
def test_every_name_leads_to_its_reader(name):
    assert resolve_name(DATASETS[name]).__name__ == f"read_{name}"


def test_unknown_name_lists_the_names_and_the_way_out(tmp_path):
    with pytest.raises(UserError, match="(?s)cifar11: there is no such folder in .*Did you mean 'cifar10'.*stanford_cars"):
        read_dataset(DataConfig(source="cifar11", directory=tmp_path), seed=0)


def test_file_instead_of_a_folder_is_refused(tmp_path):
    (tmp_path / "cars.zip").touch()
    with pytest.raises(UserError, match="is a file"):
        read_dataset(DataConfig(source=str(tmp_path / "cars.zip")), seed=0)


def test_folder_is_read_limited_and_split(tmp_path, write_pictures):
    write_pictures(tmp_path, "a", "b", count=10)
    dataset = read_dataset(DataConfig(source=str(tmp_path), limit=5, validation_fraction=0.2), seed=0)
    assert {name: len(split) for name, split in dataset.splits.items()} == {"train": 8, "validation": 2}


def test_named_data_set_lies_in_the_data_directory(tmp_path, write_pictures):
    write_pictures(tmp_path / "cifar10" / "train", "cat", "dog", count=4)
    dataset = read_dataset(DataConfig(source="cifar10", directory=tmp_path, validation_fraction=0.5), seed=0)
    assert (dataset.name, dataset.class_names) == ("cifar10", ("cat", "dog"))


def test_folder_in_the_layout_of_stanford_cars_brings_its_boxes(real_data):
    dataset = read_dataset(
        DataConfig(source=str(real_data / "stanford_cars"), limit=3, validation_fraction=0.34), seed=0
    )
    assert dataset.has_boxes and len(dataset.class_names) == 196
    assert dataset.counts("validation").max() <= 2
