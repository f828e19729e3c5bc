"""`data inspect` on real files, as typed."""

import json

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from car_classifier.base.files import read_json
from car_classifier.cli import create_app
from car_classifier.data_sheet import make_thumbnails
from data.duplicates import Duplicates
from data.readers.fgvc_aircraft import read_fgvc_aircraft
from tests.car_classifier.picture_folder import draw_picture_folder
from tests.data.readers.miniature_sets import write_aircraft


@pytest.fixture
def inspect(tmp_path, monkeypatch):
    """Function that runs `data inspect` on tmp_path/cars and returns exit status, text and summary."""
    monkeypatch.setenv("CAR_CLASSIFIER_HOME", str(tmp_path / "home"))

    def run(*arguments, data="cars"):
        place = "." if data == "." else str(tmp_path / data)
        words = ["data", "inspect", "--data", place, "--runs-dir", str(tmp_path / "runs"), "--json", *arguments]
        result = CliRunner().invoke(create_app(), words)
        lines = result.stdout.splitlines()
        return result.exit_code, result.output, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else None

    return run


@pytest.fixture
def cars(tmp_path):
    return draw_picture_folder(tmp_path / "cars")


def test_good_data_has_a_page_and_no_fault(inspect, cars, tmp_path):
    status, text, summary = inspect("--strict")
    assert status == 0 and summary["faults"] == [] and summary["counts"] == {"train": 36, "test": 12}
    assert "No faults" in text and "12 training pictures in every class" in text
    folder = tmp_path / "runs" / "data-cars"
    assert {path.name for path in folder.iterdir()} == {"report.html", "contact_sheet.png", "inspection.json", "plots"}
    assert read_json(folder / "inspection.json")["duplicates"] == []


def test_no_class_is_among_the_most_frequent_and_the_rarest(inspect, cars):
    (cars / "train" / "red car" / "000.png").unlink()
    text = inspect()[1]
    assert "most frequent  blue car (12)" in text and "rarest         red car (11)" in text and "green car (12)" not in text


def test_pictures_set_apart_are_shown_as_test(inspect, cars):
    status, text, summary = inspect("--strict", "--set", "data.test_fraction=0.25", data="cars/train")
    assert status == 0 and summary["counts"] == {"train": 27, "test": 9}
    assert "data.test_fraction=0.25 sets 9 of 36 pictures apart" in " ".join(text.split())


def test_pages_about_data_of_one_name_do_not_overwrite_each_other(inspect, cars, tmp_path, monkeypatch):
    draw_picture_folder(tmp_path / "other" / "cars")
    first, second, again = inspect()[2], inspect(data="other/cars")[2], inspect()[2]
    assert first["page"] == again["page"] != second["page"] and second["source"] == str(tmp_path / "other" / "cars")
    monkeypatch.chdir(cars)
    assert inspect(data=".")[2]["page"] == first["page"]


def test_faults_are_named_and_end_a_strict_inspection(inspect, cars):
    broken = cars / "train" / "red car" / "005.png"
    broken.write_bytes(broken.read_bytes()[:60])
    (cars / "test" / "blue car" / "000.png").write_bytes((cars / "train" / "red car" / "001.png").read_bytes())
    status, text, summary = inspect()
    assert status == 0 and [fault["kind"] for fault in summary["faults"]] == [
        "picture_unusable", "same_in_two_splits", "same_under_two_labels"
    ]
    assert summary["faults"][0]["where"] == str(broken) and summary["bad"] == 1
    assert "train/red car/005.png: Damaged" in text and "1 in two splits, 1 under two labels" in text
    assert summary["duplicates"][0]["splits"] == ["train", "test"]
    assert inspect("--strict")[0] == 3


def test_sizes_and_boxes_of_pictures_with_a_banner_are_without_it(inspect, tmp_path):
    write_aircraft(tmp_path / "planes")
    status, text, _ = inspect(data="planes")
    assert status == 0 and "all 32×24" in text and "boxes    74 % to 74 % of the picture's area" in text


def test_photographs_found_twice_are_shown_without_their_banner(tmp_path):
    write_aircraft(tmp_path)
    dataset = read_fgvc_aircraft(tmp_path)
    split = dataset.splits["train"]
    group = Duplicates("same", split.paths[:2], ("train", "train"), ("707-320", "707-320"))
    shown = make_thumbnails([group], dataset, 50)
    assert [picture.width / picture.height for picture in shown.values()] == [32 / 24, 32 / 24]


def test_second_inspection_decodes_nothing(inspect, cars, monkeypatch):
    first = inspect()[2]
    monkeypatch.setattr("data.inspection.decode_content", lambda *_, **__: pytest.fail("decoded again"))
    second = inspect()[2]
    assert first.keys() == second.keys() and first["faults"] == second["faults"]


def test_files_without_classes_are_listed_one_by_one(inspect, tmp_path):
    (tmp_path / "loose" / "deep").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "loose" / "deep" / "good.png"), np.zeros((8, 9, 3), np.uint8))
    (tmp_path / "loose" / "bad.jpg").write_text("no picture")
    status, text, summary = inspect(data="loose")
    assert status == 0 and summary["bad"] == 1
    assert [(row["file"], row["usable"]) for row in summary["files"]] == [("bad.jpg", False), ("deep/good.png", True)]
    assert "bad.jpg" in text and "9×8" in text and "2 files" in text
    assert inspect("--files", "--strict", data="loose")[0] == 3


def test_files_can_be_listed_where_folders_could_be_classes(inspect, cars):
    (cars / "train" / "red car" / "notes.txt").write_text("no picture")
    summary = inspect("--files")[2]
    assert len(summary["files"]) == 49 and summary["bad"] == 1
