from pathlib import Path

import pytest

from car_classifier.base.errors import DataError, UnknownNameError, UserError
from data.class_choice import choose_where_there
from data.config import DataConfig
from data.dataset import Dataset, Split
from data.registry import read_dataset
from tests.data.readers.miniature_sets import write_aircraft


@pytest.fixture
def aircraft(tmp_path):
    write_aircraft(tmp_path / "fgvc_aircraft")
    return DataConfig(source="fgvc_aircraft", directory=tmp_path, validation_fraction=0)


def read(config, **changes):
    return read_dataset(config.model_copy(update=changes), seed=0)


def test_classes_are_taken_in_the_order_of_the_data(aircraft):
    dataset = read(aircraft, classes=("F-16A/B", "737-200"))
    assert dataset.class_names == ("737-200", "F-16A/B")
    assert dataset.splits["train"].labels.tolist() == [0, 1, 0, 1] and len(dataset.splits["test"]) == 2
    assert {path.stem[-2] for path in dataset.splits["train"].paths} == {"1", "3"}
    assert dataset.levels["family"] == ("Boeing 737", "F-16")


def test_unknown_class_lists_the_nearest(aircraft):
    with pytest.raises(UnknownNameError, match="Unknown class '737-20'. Did you mean '737-200'"):
        read(aircraft, classes=("737-20", "707-320"))


@pytest.mark.parametrize("names", [["cat"], ["cat", "cat"], []])
def test_fewer_than_two_different_classes_are_refused(names):
    with pytest.raises(ValueError, match="two or more different class names"):
        DataConfig(classes=names)


def test_classes_without_training_pictures_are_refused(aircraft, tmp_path):
    with open(tmp_path / "fgvc_aircraft" / "data" / "variants.txt", "a") as file:
        file.write("Tu-134\nTu-154\n")
    with pytest.raises(DataError, match="must have training pictures"):
        read(aircraft, classes=("Tu-134", "Tu-154"))


def test_level_is_learnt_and_coarser_ones_stay_levels(aircraft):
    dataset = read(aircraft, label_level="family")
    assert dataset.class_names == ("Boeing 707", "Boeing 737", "F-16")
    assert dataset.counts("train").tolist() == [2, 4, 2]
    assert dataset.levels == {"manufacturer": ("Boeing", "Boeing", "Lockheed Corporation")}


def test_a_group_whose_classes_differ_in_a_coarser_level_has_none_there(aircraft, tmp_path):
    for path in (tmp_path / "fgvc_aircraft" / "data").glob("images_family_*.txt"):
        path.write_text(path.read_text().replace("F-16", "Boeing 707"))
    dataset = read(aircraft, label_level="family")
    assert dataset.class_names == ("Boeing 707", "Boeing 737") and dataset.levels == {"manufacturer": ("", "Boeing")}
    assert dataset.notes[-1] == "Classes of Boeing 707 differ in manufacturer, so these have none."


def test_of_many_groups_without_a_coarser_one_the_note_names_the_first():
    numbers = range(14)
    split = Split([Path(f"{number}.png") for number in numbers], numbers)
    levels = {"family": tuple(f"f{number // 2}" for number in numbers), "maker": tuple(f"m{number}" for number in numbers)}
    dataset = Dataset("made", tuple(f"c{number}" for number in numbers), {"train": split}, levels=levels)
    found = choose_where_there(dataset, None, "family")
    assert found.notes == ("Classes of f0, f1, f2, f3, f4, … differ in maker, so these have none.",)


def test_classes_are_chosen_among_the_groups_of_the_level(aircraft):
    dataset = read(aircraft, label_level="manufacturer", classes=("Boeing", "Lockheed Corporation"))
    assert dataset.counts("test").tolist() == [3, 1] and not dataset.levels


def test_unknown_level_names_those_that_are_there(aircraft):
    with pytest.raises(UserError, match="=genus: fgvc_aircraft has no such level. Expected: family, manufacturer, null"):
        read(aircraft, label_level="genus")


def test_choice_for_other_data_is_made_where_it_can_be(aircraft):
    dataset = read(aircraft)
    assert choose_where_there(dataset, None, "family").class_names == ("Boeing 707", "Boeing 737", "F-16")
    assert choose_where_there(dataset, ("Boeing 707", "F-16"), "family").class_names == ("Boeing 707", "F-16")
    assert choose_where_there(dataset, ("cat", "dog"), "genus").class_names == dataset.class_names


def test_class_without_a_group_is_not_mixed_with_a_group_of_its_name():
    split = Split([Path("0.png"), Path("1.png")], [0, 1])
    dataset = Dataset("made", ("Boeing", "737"), {"train": split}, levels={"family": ("", "Boeing")})
    found = choose_where_there(dataset, None, "family")
    assert found.class_names == ("Boeing (class)", "Boeing") and found.splits["train"].labels.tolist() == [0, 1]
