"""Groups of classes."""

import numpy as np
import pytest

from car_classifier.base.errors import DataError, UserError
from results.found_hierarchy import find_hierarchy
from results.hierarchy import level_figures

CARS = ("Audi S4 Sedan 2007", "Audi S4 Sedan 2012", "Land Rover LR2 SUV 2012")


def _cars():
    return find_hierarchy("cars", data="photos", class_names=CARS)


def test_levels_of_cars():
    assert _cars().levels == {
        "model": ("Audi S4 Sedan", "Audi S4 Sedan", "Land Rover LR2 SUV"), "make": ("Audi", "Audi", "Land Rover"),
        "type": ("Sedan", "Sedan", "SUV"), "year": ("2007", "2012", "2012"),
    }


def test_probability_of_a_group_is_the_sum_over_its_classes():
    names, sums = _cars().group("make", np.float32([[0.3, 0.3, 0.4]]))
    assert names == ("Audi", "Land Rover") and sums == pytest.approx(np.array([[0.6, 0.4]]))


def test_answer_at_a_level_need_not_hold_the_most_probable_class():
    figures = level_figures(_cars(), np.array([0]), np.float32([[0.3, 0.3, 0.4]]), seed=1)
    assert {row["name"]: row["accuracy"] for row in figures} == {"model": 1, "make": 1, "type": 1, "year": 0}
    assert figures[1]["num_groups"] == 2 and figures[1]["accuracy_low"] < 1


def test_groups_come_from_the_name_of_the_data_only_where_every_class_name_fits():
    assert find_hierarchy(None, data="stanford_cars", class_names=CARS).answers == ("model", "make")
    assert find_hierarchy(None, data="stanford_cars", class_names=(*CARS, "red car")) is None
    assert find_hierarchy(None, data="photos", class_names=CARS) is None
    assert find_hierarchy("none", data="stanford_cars", class_names=CARS) is None


def test_groups_that_were_asked_for_and_do_not_fit_are_refused():
    with pytest.raises(DataError, match="red car"):
        find_hierarchy("cars", data="photos", class_names=(*CARS, "red car"))


def test_birds_are_grouped_by_their_last_word():
    names = ("001.Black_footed_Albatross", "Laysan Albatross", "Groove_billed_Ani")
    assert find_hierarchy("birds", data="photos", class_names=names).levels == {"genus": ("Albatross", "Albatross", "Ani")}


def test_bird_of_one_word_is_a_group_of_its_own():
    names = ("Laysan Albatross", "017.Cardinal")
    assert find_hierarchy(None, data="cub200", class_names=names).levels == {"genus": ("Albatross", "Cardinal")}
    with pytest.raises(DataError, match="hierarchy birds: 2 class names are built otherwise"):
        find_hierarchy("birds", data="x", class_names=("cat", "dog"))


def test_levels_that_the_data_tell_go_before_names_and_options_before_both():
    levels = {"family": ("Boeing 737", ""), "manufacturer": ("Boeing", "Airbus")}
    names = ("737-200", "A320")
    found = find_hierarchy(None, data="stanford_cars", class_names=names, levels=levels)
    assert found.levels == {"family": ("Boeing 737", "A320"), "manufacturer": ("Boeing", "Airbus")}
    assert found.answers == ("family", "manufacturer")
    assert find_hierarchy("none", data="x", class_names=names, levels=levels) is None


def test_class_without_a_group_does_not_take_the_name_of_a_group_of_others():
    levels = {"manufacturer": ("", "Boeing", "Boeing", "")}
    found = find_hierarchy(None, data="x", class_names=("Boeing", "737", "747", "F-16"), levels=levels)
    assert found.levels == {"manufacturer": ("Boeing (class)", "Boeing", "Boeing", "F-16")}


def test_file_gives_any_levels(tmp_path):
    (tmp_path / "groups.csv").write_text("class_name,colour,kind\nb,blue,thing\na,red,thing\nunused,red,thing\n")
    found = find_hierarchy(str(tmp_path / "groups.csv"), data="x", class_names=("a", "b"))
    assert found.levels == {"colour": ("red", "blue"), "kind": ("thing", "thing")} and found.answers == ("colour", "kind")


@pytest.mark.parametrize(
    "text", ["", "name,colour\na,red\nb,red\n", "class_name,colour\na,red\n", "class_name,colour\na,red\nb,\n"]
)
def test_file_that_leaves_something_out_is_refused(tmp_path, text):
    (tmp_path / "groups.csv").write_text(text)
    with pytest.raises(DataError, match="groups.csv"):
        find_hierarchy(str(tmp_path / "groups.csv"), data="x", class_names=("a", "b"))


def test_missing_file_is_the_users_mistake():
    with pytest.raises(UserError, match="cars, birds, none or a CSV"):
        find_hierarchy("trucks", data="x", class_names=("a", "b"))
