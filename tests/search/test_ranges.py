"""Ranges as people write them."""

import json

import pytest

from car_classifier.base.errors import DataError, UserError
from search.dimensions.categorical import Categorical
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange
from search.ranges import parse_range, parse_ranges, read_space_file


@pytest.mark.parametrize(("text", "dimension"), [
    ("1e-5:1e-2:log", FloatRange(low=1e-5, high=1e-2, log=True)), ("0:.5", FloatRange(low=0, high=0.5)),
    ("1:8", IntRange(low=1, high=8)), ("-3:+8", IntRange(low=-3, high=8)), ("16:128:log", IntRange(low=16, high=128, log=True)),
    (" 1.0 : 8 ", FloatRange(low=1, high=8)), ("x|y|z", Categorical(choices=("x", "y", "z"))),
    ("16|32", Categorical(choices=(16, 32))), ("[512]|[]|[256, 128]", Categorical(choices=([512], [], [256, 128]))),
    ("true|null|1.0|1", Categorical(choices=(True, None, 1.0, 1))), ("adam", Categorical(choices=("adam",))),
    ("5", Categorical(choices=(5,))), ('"a|b"|["c|d"]| e ', Categorical(choices=("a|b", ["c|d"], "e"))),
    ('"1:2"', Categorical(choices=("1:2",))), ("a:b|c", Categorical(choices=("a:b", "c"))),
    ("NaN|x", Categorical(choices=("NaN", "x"))),
])
def test_text_is_read(text, dimension):
    assert parse_range(f"training.x={text}") == ("training.x", dimension)


@pytest.mark.parametrize(("text", "reason"), [
    ("x", "needs a name"), ("=1:2", "needs a name"), ("x=", "a choice is empty"), ("x=a||b", "a choice is empty"),
    ("x=a|", "a choice is empty"), ("x=2:1", "rising order"), ("x=0:1:log", "above 0"), ("x=1:2:3", "only :log"),
    ("x=1:2:log:log", "only :log"), ("x=a:b", "must be numbers"), ("x=1:", "must be numbers"), ("x=1:inf", "finite"),
    ("x=nan:1", "finite"), ("x=1|1", "no two alike"), ("x=0:99999999999999999999", "2\\*\\*53"),
    ("x=" + "9" * 5000 + ":1", "numbers"),
])
def test_nonsense_is_refused_with_the_reason_and_an_example(text, reason):
    with pytest.raises(UserError, match=reason) as caught:
        parse_range(text)
    assert "1e-5:1e-2:log" in str(caught.value)


def test_two_ranges_for_one_name_are_refused():
    assert list(parse_ranges(["training.x=1:2", "training.y=1:2"])) == ["training.x", "training.y"]
    with pytest.raises(UserError, match=r"training.x is given two ranges: 1:2 and 1\|3. Keep one."):
        parse_ranges(["training.x=1:2", "training.x=1|3"])


def test_file_of_ranges_is_read_in_its_order(tmp_path):
    momentum = {"range": "0.5:0.9", "when": {"training.optimizer": ["sgd"]}}
    entries = {"training.optimizer": "adam|sgd", "training.momentum": momentum}
    (tmp_path / "space.json").write_text(json.dumps(entries))
    dimensions = read_space_file(tmp_path / "space.json")
    assert list(dimensions) == list(entries)
    assert dimensions["training.momentum"] == FloatRange(low=0.5, high=0.9, when={"training.optimizer": ("sgd",)})


def test_toml_and_json_say_the_same(tmp_path):
    (tmp_path / "a.toml").write_text(
        '"training.epochs" = "1:5"\n[training]\noptimizer = "adam|sgd"\n'
        'momentum = {range = "0.5:0.9", when = {"training.optimizer" = ["sgd"]}}\n'
    )
    (tmp_path / "a.json").write_text(json.dumps({
        "training.epochs": "1:5", "training": {"optimizer": "adam|sgd"},
        "training.momentum": {"range": "0.5:0.9", "when": {"training.optimizer": ["sgd"]}},
    }))
    assert read_space_file(tmp_path / "a.toml") == read_space_file(tmp_path / "a.json")


@pytest.mark.parametrize(("name", "content", "error", "message"), [
    ("a.json", "{", DataError, "is no JSON"), ("a.json", "[]", DataError, "an object"),
    ("a.toml", "x = ", DataError, "is no TOML"),
    ("a.json", "{}", UserError, "names no range"), ("a.yaml", "x: 1", UserError, ".json or .toml"),
    ("a.json", '{"x": 5}', UserError, "x: expected a range"), ("a.json", '{"x": "2:1"}', UserError, "x: '2:1' is no range"),
    ("a.json", '{"x": {"range": "1:2", "if": {}}}', UserError, "x: expected a range"),
    ("a.json", '{"x": {"range": "1:2", "when": {"y": "z"}}}', UserError, "x: expected a range"),
    ("a.json", '{"x": {"range": 5}}', UserError, "x: expected a range"), ("a.toml", "x = 2020-01-01", UserError, "x: expected"),
])
def test_wrong_file_is_named_with_the_entry(tmp_path, name, content, error, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(error, match=message) as caught:
        read_space_file(tmp_path / name)
    assert name in str(caught.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="none.json cannot be read: No such file"):
        read_space_file(tmp_path / "none.json")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="a.json"):
        read_space_file(tmp_path / "a.json")
