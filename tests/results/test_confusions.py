"""Pairs of classes that are taken for each other."""

import numpy as np

from results.confusions import answered_for_many, most_confused

NAMES = ("a", "b", "c", "d")
MATRIX = np.array([[9, 1, 0, 0], [4, 5, 0, 0], [0, 3, 90, 3], [0, 0, 0, 0]])


def test_a_pair_is_named_once_in_the_direction_of_more_mistakes():
    assert most_confused(MATRIX, NAMES)[0] == {"true": "b", "predicted": "a", "count": 4, "back": 1}


def test_of_equal_pairs_the_larger_share_comes_first():
    pairs = most_confused(MATRIX, NAMES)
    assert [(pair["true"], pair["predicted"]) for pair in pairs] == [("b", "a"), ("c", "d"), ("c", "b")]


def test_no_more_pairs_than_asked_for_and_none_without_mistakes():
    assert len(most_confused(MATRIX, NAMES, num_pairs=1)) == 1
    assert most_confused(np.diag([3, 4]), ("a", "b")) == []


def test_a_class_that_took_over_a_third_of_each_of_five_others_is_found():
    names = tuple("abcdefgh")
    matrix = 6 * np.eye(8, dtype=int)
    matrix[1:6, 0], matrix[6, 0], matrix[:7, 7] = 5, 3, 3
    (found,) = answered_for_many(matrix, names)
    assert found == {"predicted": "a", "true": ["b", "c", "d", "e", "f"], "count": 25, "total": 70}


def test_a_class_that_four_others_are_taken_for_is_a_matter_of_pairs():
    matrix = np.eye(6, dtype=int)
    matrix[1:5, 0] = 9
    assert answered_for_many(matrix, tuple("abcdef")) == []
