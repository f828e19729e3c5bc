import shutil

import pytest

from car_classifier.base.errors import UserError
from data.config import DataConfig
from data.dataset import fingerprint
from data.joining import split_source
from data.registry import read_dataset
from tests.data.readers.miniature_sets import write_aircraft, write_birds


@pytest.fixture
def home(tmp_path):
    write_birds(tmp_path / "home" / "cub200")
    write_aircraft(tmp_path / "home" / "fgvc_aircraft")
    return tmp_path / "home"


def read(home, source, **changes):
    return read_dataset(DataConfig(source=source, directory=home, **{"validation_fraction": 0, **changes}), seed=0)


def test_classes_of_all_sources_stand_side_by_side(home):
    dataset = read(home, "cub200+fgvc_aircraft")
    assert dataset.name == "cub200+fgvc_aircraft"
    assert dataset.class_names == (*read(home, "cub200").class_names, *read(home, "fgvc_aircraft").class_names)
    assert dataset.counts("train").tolist() == [2] * 7 and dataset.counts("test").tolist() == [1] * 7
    assert dataset.has_boxes and not dataset.notes


def test_banners_and_levels_stay_with_their_source(home):
    dataset = read(home, "cub200+fgvc_aircraft")
    assert dataset.splits["train"].banners.tolist() == [0] * 6 + [20] * 8
    assert dataset.levels["manufacturer"] == ("", "", "", "Boeing", "Boeing", "Boeing", "Lockheed Corporation")
    assert dataset.levels["source"] == ("cub200",) * 3 + ("fgvc_aircraft",) * 4


def test_only_names_that_several_sources_have_are_prefixed(home, tmp_path, write_pictures):
    write_pictures(tmp_path / "photos", "Cardinal", "Wren")
    dataset = read(home, f"cub200+{tmp_path / 'photos'}")
    assert dataset.class_names[1:] == ("Laysan Albatross", "cub200: Cardinal", "photos: Cardinal", "Wren")
    assert dataset.notes[0].startswith("Boxes are not used, because photos has none") and not dataset.has_boxes
    assert "photos has no test split" in dataset.notes[1]


def test_folders_of_one_name_are_told_apart_and_a_link_of_another_will_do(tmp_path, write_pictures):
    write_pictures(tmp_path / "a" / "photos", "x", "y")
    write_pictures(tmp_path / "b" / "photos", "x", "z")
    dataset = read(tmp_path, f"{tmp_path}/a/photos + {tmp_path}/b/photos")
    assert dataset.class_names == ("photos 1: x", "y", "photos 2: x", "z")
    (tmp_path / "walks").symlink_to(tmp_path / "b" / "photos")
    assert read(tmp_path, f"{tmp_path}/a/photos+{tmp_path}/walks").class_names == ("photos: x", "y", "walks: x", "z")


def test_groups_of_one_name_in_two_sources_are_no_group(tmp_path, write_pictures):
    for name in "ab":
        write_pictures(tmp_path / name, "p", count=2)
        lines = "".join(f"p/00{index}.png,{name}{index},train,day 1\n" for index in range(2))
        (tmp_path / name / f"{name}.csv").write_text("file,label,split,group\n" + lines)
    dataset = read(tmp_path, f"{tmp_path}/a/a.csv+{tmp_path}/b/b.csv")
    assert dataset.splits["train"].groups == ("a: day 1", "a: day 1", "b: day 1", "b: day 1")


def test_validation_of_one_source_trains_and_a_new_one_is_split_off_all(home, tmp_path):
    write_aircraft(tmp_path / "halves", halves=True)
    dataset = read(home, f"cub200+{tmp_path / 'halves'}", validation_fraction=0.5)
    assert (dataset.counts("train") + dataset.counts("validation")).tolist() == [2] * 7
    assert dataset.counts("validation").tolist() == [1] * 7
    assert dataset.notes[-1].startswith("The validation pictures of halves train")


def test_relative_folder_beside_a_named_set_keeps_a_fingerprint(home, tmp_path, write_pictures, monkeypatch):
    write_pictures(tmp_path / "photos", "x", "y")
    monkeypatch.chdir(tmp_path)
    assert fingerprint(read(home, "cub200+photos")) == fingerprint(read(home, f"cub200+{tmp_path}/photos"))


def test_joined_data_keep_their_fingerprint_when_they_are_moved(home, tmp_path):
    before = fingerprint(read(home, "cub200+fgvc_aircraft"))
    shutil.move(home, tmp_path / "elsewhere")
    assert fingerprint(read(tmp_path / "elsewhere", "cub200+fgvc_aircraft")) == before


def test_level_is_learnt_of_the_source_that_has_it(home):
    dataset = read(home, "cub200+fgvc_aircraft", label_level="manufacturer")
    assert dataset.class_names[2:] == ("Cardinal", "Boeing", "Lockheed Corporation")
    assert list(dataset.levels) == ["source"]


def test_faults_of_all_sources_come_together(home):
    (home / "cub200" / "images" / "017.Cardinal" / "Bird_0009_9.jpg").unlink()
    (home / "fgvc_aircraft" / "data" / "images" / "0000000.jpg").unlink()
    faults = read(home, "cub200+fgvc_aircraft").faults
    assert [fault.kind for fault in faults].count("file_missing") == 2


@pytest.mark.parametrize("source", ["cub200+", "cub200+cub200", "+"])
def test_sources_that_are_empty_or_twice_there_are_refused(source):
    with pytest.raises(UserError, match="expected different sources joined by '\\+'"):
        split_source(source)


def test_folder_with_the_joining_sign_in_its_name_is_one_source(tmp_path, write_pictures):
    write_pictures(tmp_path / "c++", "x", "y")
    assert read(tmp_path, str(tmp_path / "c++")).class_names == ("x", "y")
