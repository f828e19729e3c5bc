"""What is said when a class is not sure enough."""

import numpy as np
import pytest

from results.found_hierarchy import find_hierarchy
from results.sure_answer import Answer, find_answer

CARS = ("Audi S4 Sedan 2007", "Audi S4 Sedan 2012", "Audi TT Coupe 2012", "Land Rover LR2 SUV 2012")


def _answer(probabilities, *, hierarchy="cars"):
    groups = find_hierarchy(hierarchy, data="x", class_names=CARS)
    return find_answer(np.array(probabilities), CARS, hierarchy=groups, certainty=0.7)


def test_a_class_that_is_sure_enough_is_the_answer():
    assert _answer([0.1, 0.8, 0.1, 0]) == Answer("class", "Audi S4 Sedan 2012", 0.8)


def test_unsure_of_the_year_the_model_is_the_answer():
    assert _answer([0.4, 0.4, 0.1, 0.1]) == Answer("model", "Audi S4 Sedan", pytest.approx(0.8))


def test_unsure_of_the_model_the_make_is_the_answer():
    assert _answer([0.3, 0.3, 0.3, 0.1]) == Answer("make", "Audi", pytest.approx(0.9))


def test_nothing_sure_is_no_answer():
    assert _answer([0.2, 0.2, 0.2, 0.4]) is None
    assert _answer([0.4, 0.4, 0.1, 0.1], hierarchy="none") is None
