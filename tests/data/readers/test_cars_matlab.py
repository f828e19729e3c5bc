import shutil

import pytest

from car_classifier.base.errors import DataError
from data.readers.cars_matlab import read_development_kit, read_single_annotation_file
from tests.data.readers.miniature_cars import BOX, NAMES, draw, write_kit, write_mat, write_meta, write_single


def test_test_pictures_without_labels_are_left_out_with_the_way_to_get_them(tmp_path):
    write_kit(tmp_path)
    (tmp_path / "cars_test_annos_withlabels.mat").unlink()
    dataset = read_development_kit(tmp_path)
    assert set(dataset.splits) == {"train"}
    (fault,) = dataset.faults
    assert (fault.kind, fault.where) == ("test_labels_missing", str(tmp_path / "cars_test"))
    assert "2 test pictures have no labels" in fault.message and "cars_test_annos_withlabels.mat" in fault.message


def test_labels_of_test_pictures_may_lie_in_the_kit(tmp_path):
    write_kit(tmp_path)
    shutil.move(tmp_path / "cars_test_annos_withlabels.mat", tmp_path / "devkit")
    assert read_development_kit(tmp_path).splits["test"].labels.tolist() == [1, 0]


def test_pictures_in_a_folder_of_the_same_name_are_found(tmp_path):
    write_kit(tmp_path)
    (tmp_path / "cars_train").rename(tmp_path / "inner")
    (tmp_path / "cars_train").mkdir()
    (tmp_path / "inner").rename(tmp_path / "cars_train" / "cars_train")
    assert len(read_development_kit(tmp_path).splits["train"]) == 4


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ((*BOX, 3, "00001.png"), "label_out_of_range"),
        ((*BOX, "two", "00001.png"), "annotation_malformed"),
        ((*BOX, 1, 7), "annotation_malformed"),
        ((*BOX, 1, ""), "annotation_malformed"),
        ((30, 2, 30, 20, 1, "00001.png"), "box_without_area"),
        ((*BOX, 1, "/etc/hostname"), "path_leaves_folder"),
        ((*BOX, 1, "../cars_test/00001.png"), "path_leaves_folder"),
        ((*BOX, 1, "00009.png"), "file_missing"),
        ((*BOX, 2, "00001.png"), "file_listed_twice"),
    ],
)
def test_bad_entry_is_left_out_and_named(tmp_path, entry, kind):
    write_kit(tmp_path, extra=[entry])
    dataset = read_development_kit(tmp_path)
    (fault,) = dataset.faults
    assert fault.kind == kind and fault.where.endswith("cars_train_annos.mat, entry 5")
    assert len(dataset.splits["train"]) == 4


def test_contradiction_in_the_single_file_leaves_the_picture_out(tmp_path):
    write_single(tmp_path, extra=[("car_ims/000001.png", *BOX, 1, 0)])
    draw(tmp_path / "car_ims" / "000099.png")
    dataset = read_single_annotation_file(tmp_path)
    assert len(dataset.splits["train"]) == 3
    assert {fault.kind for fault in dataset.faults} == {"labels_contradict", "file_without_annotation"}


@pytest.mark.parametrize("missing", ["devkit/cars_meta.mat", "devkit/cars_train_annos.mat"])
def test_missing_file_of_the_kit_is_named(tmp_path, missing):
    write_kit(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(DataError, match=f"lacks {missing}. Expected: cars_train/"):
        read_development_kit(tmp_path)


def test_damaged_matlab_file_is_named(tmp_path):
    write_kit(tmp_path)
    path = tmp_path / "devkit" / "cars_train_annos.mat"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="cars_train_annos.mat is damaged"):
        read_development_kit(tmp_path)


def test_variables_of_another_kind_are_refused(tmp_path):
    write_kit(tmp_path)
    write_meta(tmp_path / "devkit" / "cars_meta.mat", [NAMES[0], NAMES[0]])
    with pytest.raises(DataError, match="cars_meta.mat does not list the classes"):
        read_development_kit(tmp_path)
    write_meta(tmp_path / "devkit" / "cars_meta.mat")
    write_mat(tmp_path / "devkit" / "cars_train_annos.mat", ("fname",), [("00001.png",)])
    with pytest.raises(DataError, match="entry 1: Expected one number in the field 'class'"):
        read_development_kit(tmp_path)
