"""What every kind of range must do."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

from search.dimensions.categorical import Categorical
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange
from search.ranges import parse_range

DIMENSIONS = [
    FloatRange(low=-1.5, high=2.0), FloatRange(low=1e-7, high=1e-1, log=True), FloatRange(low=0.1, high=0.1),
    FloatRange(low=0.1 + 0.2, high=1 / 3), FloatRange(low=-8e307, high=8e307), FloatRange(low=5e-324, high=1e308, log=True),
    IntRange(low=-3, high=4), IntRange(low=1, high=1000, log=True), IntRange(low=7, high=7), IntRange(low=-2**53, high=2**53),
    Categorical(choices=("adam", "sgd")), Categorical(choices=(1, 1.0, True, None, "1", "true")),
    Categorical(choices=([512], [])),
    Categorical(choices=("a|b", "1:2", " x", "", '"', "[", "two words", "NaN", "ä")), Categorical(choices=("1:2",)),
]
all_dimensions = pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda dimension: dimension.describe()[:30])


@all_dimensions
def test_what_is_drawn_lies_inside_and_is_a_plain_type(dimension):
    generator = np.random.default_rng(0)
    for _ in range(300):
        value = dimension.sample(generator)
        assert dimension.contains(value) and type(value) in (int, float, str, bool, list, type(None))


@all_dimensions
def test_same_generator_draws_the_same(dimension):
    first, second = ([dimension.sample(generator) for _ in range(9)] for generator in map(np.random.default_rng, (5, 5)))
    assert first == second


@all_dimensions
@pytest.mark.parametrize("steps", [1, 2, 3, 10])
def test_grid_lies_inside_has_no_doubles_and_reaches_both_ends(dimension, steps):
    values = dimension.grid(steps)
    texts = [json.dumps(value) for value in values]
    assert all(map(dimension.contains, values)) and len(set(texts)) == len(texts)
    if isinstance(dimension, Categorical):
        assert tuple(values) == dimension.choices
    else:
        assert len(values) <= steps and values[0] == dimension.low
        assert steps == 1 or values[-1] == dimension.high
    if dimension.num_values is not None and dimension.num_values <= steps:
        assert len(values) == dimension.num_values


@all_dimensions
def test_description_is_read_back_as_the_same_dimension(dimension):
    assert parse_range(f"training.x={dimension.describe()}") == ("training.x", dimension)


@all_dimensions
def test_dimension_survives_json_exactly(dimension):
    again = type(dimension).model_validate(json.loads(dimension.model_dump_json()))
    assert again == dimension and again.describe() == dimension.describe()


@all_dimensions
def test_dimension_covers_itself_and_no_other_kind(dimension):
    assert dimension.covers(dimension)
    assert not any(dimension.covers(other) for other in DIMENSIONS if type(other) is not type(dimension))


@all_dimensions
@pytest.mark.parametrize("value", [float("nan"), float("inf"), "no", [1], "0"])
def test_foreign_values_lie_outside(dimension, value):
    assert not dimension.contains(value)


@pytest.mark.parametrize("dimension", [IntRange(low=1, high=64, log=True), FloatRange(low=1, high=64, log=True)])
def test_logarithmic_ranges_draw_each_octave_about_as_often(dimension):
    generator = np.random.default_rng(1)
    values = np.log2([dimension.sample(generator) for _ in range(4000)])
    shares = np.histogram(values, bins=[1, 2, 3, 4, 5])[0] / len(values)
    assert (np.abs(shares - 1 / 6) < 0.05).all()


def test_each_whole_number_is_drawn_about_as_often():
    generator = np.random.default_rng(2)
    counts = np.bincount([IntRange(low=0, high=4).sample(generator) for _ in range(5000)])
    assert (np.abs(counts - 1000) < 150).all()


def test_a_boolean_is_no_number():
    assert not IntRange(low=0, high=2).contains(True) and not FloatRange(low=0, high=2).contains(True)


@pytest.mark.parametrize(("wide", "narrow"), [
    (FloatRange(low=0, high=2), FloatRange(low=0.5, high=2)),
    (IntRange(low=1, high=9, log=True), IntRange(low=2, high=8, log=True)),
    (Categorical(choices=("a", "b", 1)), Categorical(choices=(1, "a"))),
])
def test_wider_range_covers_the_narrower_one_only(wide, narrow):
    assert wide.covers(narrow) and not narrow.covers(wide)


def test_another_scale_is_another_range():
    assert not FloatRange(low=1, high=9).covers(FloatRange(low=2, high=3, log=True))


@pytest.mark.parametrize("make", [
    lambda: FloatRange(low=2, high=1), lambda: FloatRange(low=0, high=1, log=True), lambda: FloatRange(low=0, high=1e999),
    lambda: FloatRange(low=float("nan"), high=1), lambda: FloatRange(low=-1e308, high=1e308), lambda: IntRange(low=2, high=1),
    lambda: IntRange(low=0, high=5, log=True), lambda: IntRange(low=0, high=2**60), lambda: Categorical(choices=()),
    lambda: Categorical(choices=("a", "a")), lambda: Categorical(choices=(float("nan"),)),
    lambda: Categorical(choices=(object(),)),
    lambda: IntRange(low=0.5, high=2), lambda: FloatRange(low=0, high=1, step=2),
])
def test_nonsense_is_refused(make):
    with pytest.raises(ValidationError):
        make()
