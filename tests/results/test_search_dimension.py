"""Values have a place in their dimension, or none."""

import pytest

from results.search_dimension import SearchDimension, setting_text

RATE = SearchDimension("training.learning_rate", "float", low=1e-4, high=1e-2, log=True)
LAYERS = SearchDimension("model.fc_layers", "categorical", choices=([], [512], 1, True))


@pytest.mark.parametrize(("value", "position"), [(1e-4, 0), (1e-3, 0.5), (1, 1), (0.0, 0), (None, None), (True, None)])
def test_numbers_stand_between_the_ends_of_their_range(value, position):
    assert RATE.position(value) == pytest.approx(position)


@pytest.mark.parametrize(("value", "position"), [([], 0.125), ([512], 0.375), (1, 0.625), (True, 0.875), ([256], None)])
def test_choices_stand_in_the_middle_of_their_part(value, position):
    assert LAYERS.position(value) == position


def test_a_range_of_one_value_has_its_place_in_the_middle():
    assert SearchDimension("a", "int", low=3, high=3).position(3) == 0.5


WRONG = [{"kind": "categorical"}, {"kind": "int", "low": 2, "high": 1}, {"kind": "float", "log": True}]


@pytest.mark.parametrize("wrong", WRONG)
def test_ranges_without_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="expected low|needs at least one choice"):
        SearchDimension("a", **wrong)


def test_values_are_written_as_the_user_types_them():
    values = 0.00123456, 0.9, 0.99964, 64, [512], "Adam", None
    assert [setting_text(value) for value in values] == ["0.00123", "0.9", "0.99964", "64", "[512]", "Adam", "null"]


def test_a_choice_of_none_is_not_a_dimension_that_did_not_count():
    dimension = SearchDimension("training.clip_norm", "categorical", choices=(None, 1.0))
    assert dimension.position_in({"training.clip_norm": None}) == 0.25
    assert dimension.position_in({}) is None
