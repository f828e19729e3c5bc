"""The readers of CUB-200-2011, FGVC-Aircraft and FoodX-251, each on a miniature in its published layout."""

import shutil

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from data.config import DataConfig
from data.readers.cub200 import read_cub200
from data.readers.fgvc_aircraft import BANNER, read_fgvc_aircraft
from data.readers.foodx251 import read_foodx251
from data.registry import read_dataset
from tests.data.readers.miniature_cars import draw
from tests.data.readers.miniature_sets import write_aircraft, write_birds, write_dishes

SETS = {
    "cub200": (write_birds, read_cub200, "classes.txt", "vision.caltech.edu"),
    "fgvc_aircraft": (write_aircraft, read_fgvc_aircraft, "data/images_family_trainval.txt", "robots.ox.ac.uk"),
    "foodx251": (write_dishes, read_foodx251, "val_info.csv", "github.com/karansikka1/iFood_2019"),
}


@pytest.mark.parametrize(("name", "write", "read", "file", "publisher"), [(name, *rest) for name, rest in SETS.items()])
class TestEverySet:
    """Each test sees each set."""

    def test_missing_file_is_named_with_where_to_get_it(self, tmp_path, name, write, read, file, publisher):
        write(tmp_path / "set")
        (tmp_path / "set" / file).unlink()
        command = f"python -m car_classifier data import {name} --from FOLDER"
        with pytest.raises(DataError, match=rf"(?s)lacks {file.split('/')[-1]}\. Expected.*{publisher}.*: {command}$"):
            read(tmp_path / "set")

    def test_what_is_not_there_at_all_is_told_in_three_lines(self, tmp_path, name, write, read, file, publisher):
        with pytest.raises(DataError, match=publisher) as error:
            read(tmp_path / name)
        assert len(str(error.value).splitlines()) == 3

    def test_folder_of_any_name_is_recognised_by_its_layout(self, tmp_path, name, write, read, file, publisher):
        write(tmp_path / "mine")
        dataset = read_dataset(DataConfig(source=str(tmp_path / "mine"), validation_fraction=0), seed=0)
        assert dataset.name == "mine" and dataset.class_names == read(tmp_path / "mine").class_names
        assert not dataset.faults

    def test_half_unpacked_folder_of_any_name_is_told_which_pictures_it_lacks(
        self, tmp_path, name, write, read, file, publisher
    ):
        write(tmp_path / "mine")
        pictures = {"cub200": "images", "fgvc_aircraft": "data/images", "foodx251": "val_set"}[name]
        shutil.rmtree(tmp_path / "mine" / pictures)
        for left_over in ("attributes", "test_set"):
            (tmp_path / "mine" / left_over).mkdir(exist_ok=True)
        if name == "foodx251":
            draw(tmp_path / "mine" / "test_set" / "1.jpg")
        with pytest.raises(DataError, match=rf"(?s)lacks {pictures.split('/')[-1]}\. Expected.*{publisher}"):
            read_dataset(DataConfig(source=str(tmp_path / "mine")), seed=0)

    def test_other_numbers_than_published_are_reported_of_the_named_set(self, tmp_path, name, write, read, file, publisher):
        write(tmp_path / name)
        assert [fault.kind for fault in read(tmp_path / name).faults] == ["counts_differ"] * 3


def counts(dataset):
    return {name: dataset.counts(name).tolist() for name in dataset.splits}


def test_birds_have_readable_names_in_official_order_and_boxes_of_corners(tmp_path):
    write_birds(tmp_path)
    dataset = read_cub200(tmp_path)
    assert dataset.class_names == ("Black footed Albatross", "Laysan Albatross", "Cardinal")
    assert counts(dataset) == {"train": [2, 2, 2], "test": [1, 1, 1]}
    assert dataset.splits["test"].boxes.tolist() == [[2, 3, 22, 18]] * 3


def test_birds_are_found_one_folder_further_in_as_in_the_archive(tmp_path):
    write_birds(tmp_path, inner="CUB_200_2011")
    assert counts(read_cub200(tmp_path)) == {"train": [2, 2, 2], "test": [1, 1, 1]}


def test_bird_in_the_folder_of_another_class_is_reported_and_the_annotation_counts(tmp_path):
    write_birds(tmp_path)
    labels = tmp_path / "image_class_labels.txt"
    labels.write_text(labels.read_text().replace("1 1\n", "1 3\n", 1))
    dataset = read_cub200(tmp_path)
    assert counts(dataset)["train"] == [1, 2, 3]
    assert [(fault.kind, fault.effect) for fault in dataset.faults] == [("folder_contradicts", "reported")]


BROKEN_LINES = {  # of picture 5
    "image_class_labels": ("5 77", "label_out_of_range"), "train_test_split": ("5 2", "annotation_malformed"),
    "bounding_boxes": ("5 3 4", "annotation_malformed"),
}


@pytest.mark.parametrize(("file", "line", "kind"), [(file, *rest) for file, rest in BROKEN_LINES.items()])
def test_fault_of_birds_names_the_file_and_the_line_that_is_broken(tmp_path, file, line, kind):
    write_birds(tmp_path)
    table = tmp_path / f"{file}.txt"
    others = [row for row in table.read_text().splitlines() if not row.startswith("5 ")]
    table.write_text("\n".join([line, *others]))
    (fault,) = read_cub200(tmp_path).faults
    assert (fault.kind, fault.where, fault.effect) == (kind, f"{table}, line 1", "left_out")


def test_two_classes_of_one_name_stop_the_reader(tmp_path):
    write_birds(tmp_path)
    (tmp_path / "classes.txt").write_text("1 001.Crow\n2 002.Crow\n")
    with pytest.raises(DataError, match="names a class more than once: Crow"):
        read_cub200(tmp_path)


@pytest.mark.parametrize("line", ["1", "id name"])
def test_class_without_a_number_and_a_name_stops_the_reader_for_its_pictures_would_be_lost(tmp_path, line):
    write_birds(tmp_path)
    (tmp_path / "classes.txt").write_text(f"{line}\n2 002.Crow\n")
    with pytest.raises(DataError, match=f"classes.txt, line 1: expected the number and the name .* Received: '{line}'"):
        read_cub200(tmp_path)


@pytest.mark.parametrize(("write", "read", "file", "line"), [
    (write_birds, read_cub200, "classes.txt", "2 Crow"), (write_dishes, read_foodx251, "class_list.txt", "2 pad_thai_again"),
])
def test_second_line_of_a_class_is_left_out_and_the_rest_read(tmp_path, write, read, file, line):
    write(tmp_path)
    expected = read(tmp_path)
    with (tmp_path / file).open("a") as lines:
        lines.write(f"{line}\n")
    dataset = read(tmp_path)
    assert dataset.class_names == expected.class_names and counts(dataset) == counts(expected)
    assert [(fault.where, fault.effect) for fault in dataset.faults] == [(f"{tmp_path / file}, line 4", "left_out")]


@pytest.mark.parametrize("inner", ["", "data", "fgvc-aircraft-2013b/data"])
def test_aircraft_have_variants_as_classes_and_their_levels(tmp_path, inner):
    write_aircraft(tmp_path, inner=inner)
    dataset = read_fgvc_aircraft(tmp_path)
    assert dataset.class_names == ("707-320", "737-200", "737-300", "F-16A/B")
    assert counts(dataset) == {"train": [2, 2, 2, 2], "test": [1, 1, 1, 1]}
    assert dataset.levels == {
        "family": ("Boeing 707", "Boeing 737", "Boeing 737", "F-16"),
        "manufacturer": ("Boeing", "Boeing", "Boeing", "Lockheed Corporation"),
    }


def test_boxes_of_aircraft_count_from_one_and_their_pictures_have_a_banner(tmp_path):
    write_aircraft(tmp_path)
    split = read_fgvc_aircraft(tmp_path).splits["train"]
    assert np.unique(split.boxes, axis=0).tolist() == [[0, 1, 30, 20]]
    assert set(split.banners.tolist()) == {BANNER} == {20}


def test_official_validation_validates_only_where_the_file_of_both_halves_is_missing(tmp_path):
    write_aircraft(tmp_path, halves=True)
    dataset = read_fgvc_aircraft(tmp_path)
    assert counts(dataset) == {name: [1, 1, 1, 1] for name in ("train", "validation", "test")}
    assert "in the published results they train" in dataset.notes[0]
    write_aircraft(tmp_path)
    dataset = read_fgvc_aircraft(tmp_path)
    assert set(dataset.splits) == {"train", "test"} and not dataset.notes


@pytest.mark.parametrize("level", ["variant", "family", "manufacturer"])
def test_one_file_of_both_halves_that_is_missing_is_no_reason_to_read_the_halves(tmp_path, level):
    write_aircraft(tmp_path, halves=True)
    write_aircraft(tmp_path)
    (tmp_path / "data" / f"images_{level}_trainval.txt").unlink()
    with pytest.raises(DataError, match=f"lacks images_{level}_trainval.txt. Expected"):
        read_fgvc_aircraft(tmp_path)


@pytest.mark.parametrize("part", ["trainval", "test"])
def test_family_that_most_pictures_contradict_is_named_and_does_not_count(tmp_path, part):
    write_aircraft(tmp_path)
    families = tmp_path / "data" / f"images_family_{part}.txt"
    families.write_text(families.read_text().replace("Boeing 707", "Boeing 700", 1))
    dataset = read_fgvc_aircraft(tmp_path)
    assert dataset.levels["family"][0] == "Boeing 707"
    (fault,) = dataset.faults
    assert fault.where == f"{families}, line 1"
    assert fault.message == "2 other pictures of '707-320' say 'Boeing 707', which counts."


def test_folder_of_aircraft_without_boxes_is_told_what_it_lacks(tmp_path):
    write_aircraft(tmp_path / "mine")
    (tmp_path / "mine" / "data" / "images_box.txt").unlink()
    with pytest.raises(DataError, match="lacks images_box.txt. Expected, of FGVC-Aircraft"):
        read_dataset(DataConfig(source=str(tmp_path / "mine")), seed=0)


def test_verified_pictures_of_dishes_are_the_test_split(tmp_path):
    write_dishes(tmp_path)
    (tmp_path / "test_set").mkdir()
    dataset = read_foodx251(tmp_path)
    assert dataset.class_names == ("macaron", "pad thai", "crab food")
    assert counts(dataset) == {"train": [2, 2, 2], "test": [1, 1, 1]} and not dataset.has_boxes
    assert ["never published" in note for note in dataset.notes] == [True]


def test_annotations_of_dishes_are_found_in_the_folder_of_their_archive(tmp_path):
    write_dishes(tmp_path)
    beside = read_foodx251(tmp_path)
    (tmp_path / "annot").mkdir()
    for name in ("class_list.txt", "train_info.csv", "val_info.csv"):
        (tmp_path / name).rename(tmp_path / "annot" / name)
    apart = read_dataset(DataConfig(source=str(tmp_path), validation_fraction=0), seed=0)
    assert apart.class_names == beside.class_names and counts(apart) == counts(beside) and not apart.faults
    (tmp_path / "annot" / "val_info.csv").unlink()
    with pytest.raises(DataError, match="lacks annot/val_info.csv"):
        read_foodx251(tmp_path)


@pytest.mark.parametrize("columns", ["img_name,label", "image, class"])
def test_line_that_names_the_columns_is_passed_over(tmp_path, columns):
    write_dishes(tmp_path)
    train = tmp_path / "train_info.csv"
    train.write_text(f"{columns}\n" + train.read_text())
    assert not read_foodx251(tmp_path).faults


def test_first_line_of_a_picture_whose_label_is_no_number_is_a_fault(tmp_path):
    write_dishes(tmp_path)
    train = tmp_path / "train_info.csv"
    train.write_text(train.read_text().replace(",0", ",macaron", 1))
    faults = [fault for fault in read_foodx251(tmp_path).faults if fault.kind == "label_out_of_range"]
    assert [fault.where for fault in faults] == [f"{train}, line 1"]


@pytest.mark.parametrize("second", ["val_set", "test_set"])
def test_pictures_of_dishes_without_their_annotations_become_no_classes(tmp_path, second):
    write_dishes(tmp_path / "mine")
    (tmp_path / "mine" / "val_set").rename(tmp_path / "mine" / second)
    for name in ("class_list.txt", "train_info.csv", "val_info.csv"):
        (tmp_path / "mine" / name).unlink()
    with pytest.raises(DataError, match="lacks class_list.txt, train_info.csv, val_info.csv.* Expected, of FoodX-251"):
        read_dataset(DataConfig(source=str(tmp_path / "mine")), seed=0)


def test_a_folder_with_several_data_sets_is_refused(tmp_path):
    for write in (write_birds, write_aircraft, write_dishes):
        write(tmp_path / "all")
    with pytest.raises(DataError, match="holds several data sets, by .*: cub200, fgvc_aircraft, foodx251.\nPass"):
        read_dataset(DataConfig(source=str(tmp_path / "all")), seed=0)


def test_class_without_any_picture_stands_for_itself_on_every_level(tmp_path):
    write_aircraft(tmp_path)
    with open(tmp_path / "data" / "variants.txt", "a") as file:
        file.write("Tu-134\n")
    config = DataConfig(source=str(tmp_path), label_level="family", validation_fraction=0)
    assert read_dataset(config, seed=0).class_names == ("Boeing 707", "Boeing 737", "F-16", "Tu-134")


def test_folder_of_pictures_may_be_elsewhere_than_the_program_looks(tmp_path):
    write_birds(tmp_path / "set")
    shutil.move(tmp_path / "set" / "images", tmp_path / "images")
    with pytest.raises(DataError, match="lacks images"):
        read_cub200(tmp_path / "set")


def test_class_folders_beside_files_of_such_names_stay_class_folders(tmp_path):
    for name in ("heron", "egret"):
        draw(tmp_path / "mine" / "train" / name / "1.png", 1)
        draw(tmp_path / "mine" / "train" / name / "2.png", 2)
    for file in ("images.txt", "classes.txt", "train_info.csv", "val_info.csv"):
        (tmp_path / "mine" / file).write_text("notes\n")
    dataset = read_dataset(DataConfig(source=str(tmp_path / "mine"), validation_fraction=0), seed=0)
    assert dataset.class_names == ("egret", "heron")
