import shutil
from functools import partial
from pkgutil import resolve_name

import pytest

from car_classifier.base.errors import UserError
from data.archive import unpack_once
from data.config import DataConfig
from data.registry import DATASETS, read_dataset


@pytest.mark.parametrize("name", DATASETS)
def test_every_name_leads_to_its_reader(name):
    assert resolve_name(DATASETS[name]).__name__ == f"read_{name}"


def test_unknown_name_lists_the_names_and_the_way_out(tmp_path):
    message = "(?s)cifar11: there is no such folder or file in .*Did you mean 'cifar10'.*stanford_cars"
    with pytest.raises(UserError, match=message):
        read_dataset(DataConfig(source="cifar11", directory=tmp_path), seed=0)


@pytest.mark.parametrize("name", ["photo", "photos.zi", "photos.cvs"])
def test_what_lies_beside_under_nearly_the_name_is_suggested(tmp_path, name):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(UserError, match=f"{name}: there is no such folder or file. Did you mean '{tmp_path / 'photos'}'"):
        read_dataset(DataConfig(source=str(tmp_path / name)), seed=0)


def test_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "cars.txt").touch()
    with pytest.raises(UserError, match="cars.txt is a file that cannot be read as data. Expected: .*archive"):
        read_dataset(DataConfig(source=str(tmp_path / "cars.txt")), seed=0, unpack=lambda path: path)


def test_archive_is_unpacked_once_and_read_like_its_folder(tmp_path, write_pictures):
    write_pictures(tmp_path / "from" / "photos", "a", "b", count=3)
    archive = shutil.make_archive(tmp_path / "my photos", "gztar", tmp_path / "from")
    config, told = DataConfig(source=archive, validation_fraction=0), []
    unpack = partial(unpack_once, home=tmp_path / "unpacked", told=told.append)
    first, again = (read_dataset(config, seed=0, unpack=unpack) for _ in range(2))
    assert (first.name, first.class_names, len(first.splits["train"])) == ("my photos", ("a", "b"), 6)
    assert first.splits["train"].paths == again.splits["train"].paths
    assert [folder.parent for folder in told] == [tmp_path / "unpacked"]


def test_changed_archive_is_unpacked_anew(tmp_path, write_pictures):
    for count in (3, 4):
        write_pictures(tmp_path / "photos", "a", "b", count=count)
        archive = shutil.make_archive(tmp_path / "photos", "zip", tmp_path / "photos")
        unpack = partial(unpack_once, home=tmp_path / "unpacked", told=print)
        dataset = read_dataset(DataConfig(source=archive, validation_fraction=0), seed=0, unpack=unpack)
        assert len(dataset.splits["train"]) == 2 * count


def test_faults_of_the_reader_and_of_the_whole_come_together(tmp_path, write_pictures):
    write_pictures(tmp_path, "p", count=3)
    lines = ["file,label,split", "p/000.png,a,train", "p/001.png,b,train", "p/002.png,a,test", "none.png,b,test"]
    (tmp_path / "p.csv").write_text("\n".join(lines))
    dataset = read_dataset(DataConfig(source=str(tmp_path / "p.csv"), validation_fraction=0), seed=0)
    assert [(fault.kind, fault.where) for fault in dataset.faults] == [
        ("file_missing", f"{tmp_path / 'p.csv'}, line 5"), ("class_missing_in_split", "b"),
    ]


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


def test_the_folder_one_stands_in_keeps_its_name(tmp_path, write_pictures, monkeypatch):
    write_pictures(tmp_path / "photos", "a", "b", count=3)
    monkeypatch.chdir(tmp_path / "photos")
    assert read_dataset(DataConfig(source="."), seed=0).name == "photos"


def test_a_test_split_of_one_s_own_refuses_another(tmp_path, write_pictures):
    for split in ("train", "test"):
        write_pictures(tmp_path / split, "a", "b", count=3)
    with pytest.raises(UserError, match=r"data\.test_fraction=0\.2 .* has a test split of 6 pictures.* Leave the setting out"):
        read_dataset(DataConfig(source=str(tmp_path), test_fraction=0.2), seed=0)
