"""Spaces as rows of numbers."""

import numpy as np
import pytest

from search.engines.flat_space import FlatSpace
from tests.search.engines.imagined_search import MIXED

VALUES = {"rate": 1e-3, "fixed": 3, "optimizer": None, "layers": [64], "only": [1, True], "ratio": 4}


def test_row_leaves_out_what_has_one_value():
    assert list(FlatSpace(MIXED).to_row(VALUES)) == ["rate", "optimizer", "momentum", "layers", "ratio"]


def test_row_and_values_are_each_others_inverse():
    flat = FlatSpace(MIXED)
    assert flat.to_values(flat.to_row(VALUES)) == VALUES


def test_dimension_that_is_not_active_rests_in_its_middle():
    assert FlatSpace(MIXED).to_row(VALUES)["momentum"] == pytest.approx(0.495)


def test_numbers_just_outside_are_moved_in():
    row = {"rate": np.float64(0.10000001), "optimizer": np.int64(1), "momentum": -1e-9, "layers": 0, "ratio": np.int64(33)}
    values = FlatSpace(MIXED).to_values(row)
    assert (values["rate"], values["momentum"], values["ratio"]) == (0.1, 0.0, 32)
    assert MIXED.contains(values) and type(values["rate"]) is float and type(values["ratio"]) is int
