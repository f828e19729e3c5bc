"""Conditions between dimensions, and growth."""

import numpy as np
import pytest
from pydantic import ValidationError

from search.dimensions.categorical import Categorical
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange
from search.space import Space


def optimizers(*names, **more):
    """A space of optimizers with what belongs to each."""
    dimensions = {"optimizer": Categorical(choices=names), "rate": FloatRange(low=1e-4, high=1e-1, log=True)}
    for name, owners in {"momentum": ("sgd",), "beta": ("adam", "adamw"), "rho": ("rmsprop",)}.items():
        known = tuple(owner for owner in owners if owner in names)
        if known:
            dimensions[name] = FloatRange(low=0.5, high=0.9, when={"optimizer": known})
    return Space(dimensions={**dimensions, **more})


CHAIN = Space(dimensions={
    "a": Categorical(choices=(True, False)), "b": IntRange(low=1, high=2, when={"a": (True,)}),
    "c": FloatRange(low=0, high=1, when={"b": (2,), "a": (True,)}),
})


@pytest.mark.parametrize("space", [optimizers("adam", "sgd", "rmsprop"), CHAIN])
def test_drawn_values_are_exactly_the_active_dimensions(space):
    generator = np.random.default_rng(0)
    drawn = [space.sample(generator) for _ in range(200)]
    assert all(space.contains(values) and space.active(values) == values for values in drawn)
    assert {name for values in drawn for name in values} == set(space.dimensions)


def test_inactive_and_unknown_values_are_left_out_in_the_order_of_the_space():
    values = {"c": 0.5, "other": 1, "b": 1, "a": True}
    assert list(CHAIN.active(values).items()) == [("a", True), ("b", 1)]


@pytest.mark.parametrize("values", [
    {"a": True}, {"a": True, "b": 2}, {"a": False, "b": 1}, {"a": True, "b": 1, "c": 0.5}, {"a": 1, "b": 1}, {"b": 1}, {},
    {"a": False, "other": 1},
])
def test_missing_superfluous_and_foreign_values_lie_outside(values):
    assert not CHAIN.contains(values)


def test_space_survives_json_with_order_and_conditions():
    again = Space.model_validate_json(CHAIN.model_dump_json())
    assert again == CHAIN and list(again.dimensions) == ["a", "b", "c"]


@pytest.mark.parametrize(("when", "message"), [
    ({"later": (1,)}, "no earlier dimension"), ({"self": (1,)}, "no earlier dimension"), ({"a": ("no",)}, "never is"),
])
def test_impossible_conditions_are_refused(when, message):
    first, later = Categorical(choices=("x",)), IntRange(low=1, high=2)
    with pytest.raises(ValidationError, match=message):
        Space(dimensions={"a": first, "self": IntRange(low=0, high=1, when=when), "later": later})


@pytest.mark.parametrize("grown", [
    optimizers("adam", "sgd"), optimizers("sgd", "rmsprop", "adam"), optimizers("adam", "sgd", "adamw"),
    optimizers("adam", "sgd", rate=FloatRange(low=1e-5, high=1e-1, log=True)),
])
def test_what_was_tried_lies_in_the_grown_space(grown):
    earlier, generator = optimizers("adam", "sgd"), np.random.default_rng(3)
    assert grown.lost(earlier) == []
    assert all(grown.contains(earlier.sample(generator)) for _ in range(100))


@pytest.mark.parametrize(("changed", "message"), [
    (optimizers("adam"), "optimizer: adam|sgd there, adam asked for"),
    (optimizers("adam", "sgd", rate=FloatRange(low=1e-3, high=1e-1, log=True)), "rate: 0.0001:0.1:log there"),
    (optimizers("adam", "sgd", rate=FloatRange(low=1e-4, high=1e-1)), "rate: 0.0001:0.1:log there, 0.0001:0.1 asked for"),
    (optimizers("adam", "sgd", epochs=IntRange(low=1, high=2)), "epochs: was not searched before"),
    (optimizers("adam", "sgd", beta=FloatRange(low=0.5, high=0.9)), "beta: counted under other conditions"),
    (optimizers("adam", "sgd", beta=FloatRange(low=0.5, high=0.9, when={"optimizer": ("sgd",)})), "beta: counted under other"),
])
def test_what_is_no_growth_is_said(changed, message):
    assert any(line.startswith(message) for line in changed.lost(optimizers("adam", "sgd")))


def test_dimension_that_is_gone_is_said():
    assert CHAIN.lost(optimizers("adam"))[0] == "optimizer: not searched any more"
