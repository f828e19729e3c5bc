"""`explain` as a user types it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import DataError, UnknownNameError, UserError
from car_classifier.cli import create_app
from tests.car_classifier.picture_folder import draw_picture_folder


def _call(*arguments):
    return CliRunner().invoke(create_app(), [*map(str, arguments)])


def _explain(place, *arguments):
    return _call("explain", "cars", *arguments, "--runs-dir", place / "runs", "--json")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A trained run on a folder of pictures without boxes."""
    place = tmp_path_factory.mktemp("explain")
    draw_picture_folder(place / "cars")
    done = _call("train", "--data", place / "cars", "--model", "model1", "--image-size", 16, "--epochs", 1, "--run", "cars",
                 "--runs-dir", place / "runs")
    assert done.exception is None, done.output
    return place


def test_a_png_for_each_picture_and_bad_files_are_named(place):
    good = sorted((place / "cars" / "test").glob("*/000.png"))
    (place / "bad.jpg").write_text("no picture")
    done = _explain(place, *good, place / "bad.jpg", "--layer", "attention")
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(done.exception, DataError) and "1 of 4 files" in str(done.exception)
    assert len({line["png"] for line in found["pictures"]}) == 3
    assert all(Path(line["png"]).read_bytes().startswith(b"\x89PNG") for line in found["pictures"])
    assert found["pictures"][0]["layers"] == ["head_attention", "head_se"]
    assert found["skipped"][0]["file"].endswith("bad.jpg")


def test_the_class_that_a_folder_names_stands_beside_the_answer(place):
    picture = next((place / "cars" / "test" / "red car").glob("*.png"))
    assert "% (in the folder red car)" in _explain(place, picture).stderr.replace("\n", " ")
    assert "in the folder" not in _explain(place, shutil.copy(picture, place / "loose.png")).stderr


def test_another_class_can_be_explained(place):
    picture = next((place / "cars" / "test").glob("*/001.png"))
    found = json.loads(_explain(place, picture, "--class", "red car").stdout.splitlines()[-1])
    assert found["pictures"][0]["explained_class"] == "red car"


@pytest.mark.parametrize(("options", "error", "words"), [
    ((), UserError, "either picture files or --split"),
    (("a.jpg", "--class", "red cat"), UnknownNameError, "Did you mean 'red car'"),
    (("a.jpg", "--layer", "relu55"), UnknownNameError, "Did you mean 'relu5'"),
    (("--split", "test"), DataError, "have no boxes"),
    (("--split", "test", "--layer", "attention"), UserError, "Pass one of them: --layer head_attention"),
])
def test_what_cannot_be_explained_is_said(place, options, error, words):
    with pytest.raises(error, match=words):
        raise _explain(place, *options).exception


def test_pictures_of_one_name_and_other_questions_have_files_of_their_own(place):
    source = next((place / "cars" / "test").glob("*/002.png"))
    twins = [place / folder / "odd" / name for folder, name in (("one", "a.png"), ("one", "a.jpg"), ("two", "a.png"))]
    for twin in twins:
        twin.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, twin)
    calls = [(*twins,), (twins[0], "--layer", "attention"), (twins[0], "--class", "red car")]
    written = [line["png"] for call in calls for line in json.loads(_explain(place, *call).stdout.splitlines()[-1])["pictures"]]
    assert len(set(written)) == 5 and all(Path(file).is_file() for file in written)


def test_maps_of_a_split_are_held_against_its_boxes(place):
    rows = [(file, file.parent.name, file.parent.parent.name) for file in sorted((place / "cars").glob("*/*/*.png"))]
    lines = [f"{file.relative_to(place)},{label},{split},6,5,18,15" for file, label, split in rows]
    (place / "boxed.csv").write_text("\n".join(["file,label,split,x_min,y_min,x_max,y_max", *lines]))
    done = _call("train", "--data", place / "boxed.csv", "--model", "model1", "--image-size", 16, "--epochs", 1,
                 "--run", "boxed", "--runs-dir", place / "runs", "--set", "data.cut_to_box=false")
    assert done.exception is None, done.output
    said = _call("explain", "boxed", "--split", "test", "--runs-dir", place / "runs", "--json").stdout
    found = json.loads(said.splitlines()[-1])
    assert found["num_pictures"] + found["num_empty"] == 12
    assert found["area"] == pytest.approx(0.25) and 0 < found["share_low"] <= found["share"] <= found["share_high"] < 1
    assert (place / "runs" / "boxed" / "explanations" / f"test-{found['layer']}.json").is_file()
