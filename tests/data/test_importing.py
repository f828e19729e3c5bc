import os
import shutil
import tarfile
from functools import partial

import pytest

from car_classifier.base.errors import DataError, UnknownNameError
from data.config import DataConfig
from data.importing import arrange_files
from data.readers.cifar import read_cifar10
from data.readers.stanford_cars import read_stanford_cars
from data.registry import read_dataset
from tests.data.cifar_files import write_cifar10
from tests.data.readers.miniature_cars import draw, write_by_classes, write_kit, write_single
from tests.data.readers.miniature_sets import BIRDS, write_aircraft, write_birds, write_dishes


def arrange(name, sources, folder):
    return arrange_files(name, sources, folder, told=print)


def pack(folder, archive, *names):
    with tarfile.open(archive, "w:gz") as tar:
        for name in names:
            tar.add(folder / name, name)


@pytest.mark.parametrize("write", [write_by_classes, write_kit, write_single])
def test_every_layout_is_linked_into_its_place(tmp_path, write):
    write(tmp_path / "Downloads" / "archive (1)" / "deeper")
    arranged = arrange("stanford_cars", [tmp_path / "Downloads"], tmp_path / "home" / "stanford_cars")
    dataset = read_stanford_cars(tmp_path / "home" / "stanford_cars")
    assert (len(dataset.splits["train"]), len(dataset.splits["test"])) == (4, 2)
    assert arranged.linked == arranged.found > 6
    assert dataset.splits["train"].paths[0].stat().st_nlink == 2


def test_published_archives_in_a_folder_are_unpacked(tmp_path):
    write_kit(tmp_path / "kit")
    (tmp_path / "Downloads").mkdir()
    for archive, name in (("cars_train", "cars_train"), ("cars_test", "cars_test"), ("car_devkit", "devkit")):
        pack(tmp_path / "kit", tmp_path / "Downloads" / f"{archive}.tgz", name)
    (tmp_path / "Downloads" / "holiday.zip").write_text("no archive at all")
    sources = [tmp_path / "Downloads", tmp_path / "kit" / "cars_test_annos_withlabels.mat"]
    arrange("stanford_cars", sources, tmp_path / "home" / "stanford_cars")
    assert len(read_stanford_cars(tmp_path / "home" / "stanford_cars").splits["test"]) == 2
    assert sorted(entry.name for entry in (tmp_path / "home").iterdir() if entry.is_dir()) == ["stanford_cars"]


PUBLISHED = {  # what writes each, and its archives with what they hold
    "cub200": (partial(write_birds, inner="CUB_200_2011"), {"CUB_200_2011.tgz": ("CUB_200_2011",)}),
    "fgvc_aircraft": (
        partial(write_aircraft, inner="fgvc-aircraft-2013b/data"), {"fgvc-aircraft-2013b.tar.gz": ("fgvc-aircraft-2013b",)},
    ),
    "foodx251": (write_dishes, {
        "annot.tar": ("class_list.txt", "train_info.csv", "val_info.csv"), "train.tar": ("train_set",), "val.tar": ("val_set",),
    }),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_set_is_imported_from_its_archives(tmp_path, name):
    write, archives = PUBLISHED[name]
    write(tmp_path / "set")
    (tmp_path / "Downloads").mkdir()
    for archive, inside in archives.items():
        pack(tmp_path / "set", tmp_path / "Downloads" / archive, *inside)
    arranged = arrange(name, [tmp_path / "Downloads"], tmp_path / "home" / name)
    config = DataConfig(source=name, directory=tmp_path / "home", validation_fraction=0)
    kinds = [fault.kind for fault in read_dataset(config, seed=0).faults]
    assert arranged.linked == sum(path.is_file() for path in (tmp_path / "home" / name).rglob("*")) > 9
    assert kinds == ["counts_differ"] * 3


def test_other_pictures_and_tables_are_not_imported(tmp_path):
    write_birds(tmp_path / "from")
    for stray in ("images/holiday.jpg", "images/beach/1.jpg", "thumbs/images.jpg"):
        draw(tmp_path / "from" / stray)
    (tmp_path / "from" / "attributes").mkdir()
    (tmp_path / "from" / "attributes" / "certainties.txt").touch()
    arrange("cub200", [tmp_path / "from"], tmp_path / "cub200")
    assert {entry.name for entry in (tmp_path / "cub200" / "images").iterdir()} == set(BIRDS)
    assert not (tmp_path / "cub200" / "attributes").exists()


def test_archive_given_by_name_is_unpacked_and_folders_nested_twice_become_one(tmp_path):
    write_kit(tmp_path / "kit" / "cars_train")
    archive = shutil.make_archive(tmp_path / "archive", "zip", tmp_path / "kit")
    told = []
    arrange_files("stanford_cars", [tmp_path / archive], tmp_path / "stanford_cars", told=told.append)
    assert told == [tmp_path / archive]
    assert (tmp_path / "stanford_cars" / "cars_train" / "00001.png").is_file()


def test_second_import_changes_nothing_and_other_files_stay(tmp_path):
    write_kit(tmp_path / "kit")
    folder = tmp_path / "stanford_cars"
    first = arrange("stanford_cars", [tmp_path / "kit"], folder)
    (folder / "cars_test" / "00001.png").unlink()
    (folder / "cars_test" / "00001.png").write_text("mine")
    second = arrange("stanford_cars", [tmp_path / "kit"], folder)
    assert (second.linked, second.present) == (0, first.linked - 1)
    assert second.kept == [folder / "cars_test" / "00001.png"] and second.kept[0].read_text() == "mine"


def test_another_file_of_equal_size_is_named_and_kept(tmp_path):
    write_kit(tmp_path / "kit")
    place = tmp_path / "stanford_cars" / "cars_test" / "00001.png"
    arrange("stanford_cars", [tmp_path / "kit"], tmp_path / "stanford_cars")
    size = place.stat().st_size
    place.unlink()
    place.write_bytes(bytes(size))
    assert arrange("stanford_cars", [tmp_path / "kit"], tmp_path / "stanford_cars").kept == [place]


def test_files_are_copied_where_no_link_can_be(tmp_path, monkeypatch):
    def refuse(*paths):
        raise OSError("another disk")

    monkeypatch.setattr(os, "link", refuse)
    write_kit(tmp_path / "kit")
    arranged = arrange("stanford_cars", [tmp_path / "kit"], tmp_path / "stanford_cars")
    assert (arranged.linked, arranged.copied) == (0, 10)
    assert len(read_stanford_cars(tmp_path / "stanford_cars").splits["train"]) == 4


def test_links_in_a_download_are_not_followed(tmp_path):
    (tmp_path / "d" / "cars_train").mkdir(parents=True)
    (tmp_path / "d" / "cars_train" / "1.jpg").symlink_to("/etc/hostname")
    with pytest.raises(DataError, match="Nothing in .* belongs to stanford_cars"):
        arrange("stanford_cars", [tmp_path / "d"], tmp_path / "stanford_cars")


@pytest.mark.parametrize("packed", [False, True])
def test_batches_of_cifar_become_class_folders(tmp_path, packed):
    write_cifar10(tmp_path / "from")
    source = tmp_path / "from"
    if packed:
        pack(source, source / "cifar-10-python.tar.gz", "cifar-10-batches-py")
        shutil.rmtree(source / "cifar-10-batches-py")
    arranged = arrange("cifar10", [source], tmp_path / "cifar10")
    dataset = read_cifar10(tmp_path / "cifar10")
    assert arranged.written == 60
    assert (dataset.counts("train").tolist(), dataset.counts("test").tolist()) == ([5] * 10, [1] * 10)
    assert arrange("cifar10", [source], tmp_path / "cifar10").written == 0


def test_missing_batch_is_named(tmp_path):
    write_cifar10(tmp_path / "from")
    (tmp_path / "from" / "cifar-10-batches-py" / "data_batch_3").unlink()
    with pytest.raises(DataError, match="data_batch_3 is missing.*cs.toronto.edu"):
        arrange("cifar10", [tmp_path / "from"], tmp_path / "cifar10")


def test_class_folders_of_cifar_are_linked(tmp_path, write_pictures):
    write_pictures(tmp_path / "from" / "train" / "train", "apple", "train")
    write_pictures(tmp_path / "from" / "other", "apple")
    arranged = arrange("cifar100", [tmp_path / "from"], tmp_path / "cifar100")
    assert arranged.linked == 4 and (tmp_path / "cifar100" / "train" / "train" / "000.png").is_file()


def test_unknown_set_and_missing_source_are_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="Did you mean 'cifar10'"):
        arrange("cifar11", [tmp_path], tmp_path / "cifar11")
    with pytest.raises(DataError, match="nothing: there is no such folder or file"):
        arrange("cifar10", [tmp_path / "nothing"], tmp_path / "cifar10")
