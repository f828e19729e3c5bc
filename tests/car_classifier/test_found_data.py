"""The first screen about the pictures."""

import io
import shlex
import shutil
from dataclasses import replace

import pytest
from rich.console import Console

from car_classifier.config import Config
from car_classifier.defaults import jsonable
from car_classifier.found_data import inspect_command, show_found, source_place
from car_classifier.prepared_data import PreparedData
from data.faults import Fault
from data.registry import read_dataset
from results.run_store import Run
from tests.car_classifier.picture_folder import draw_picture_folder


@pytest.fixture
def shown(tmp_path):
    """Function that returns the screen of a data set with that many faults."""

    def show(num_faults, settings=None, keep=slice(None), first=()):
        config = Config().override({"data.source": str(draw_picture_folder(tmp_path / "cars")), "data.image_size": 16,
                                    **(settings or {})})
        faults = tuple(Fault("picture_unusable", f"{number}.jpg", f"Reason {number}.", "left_out")
                       for number in range(num_faults))
        dataset = replace(read_dataset(config.data, seed=0), faults=(*first, *faults))
        train = dataset.splits["train"].take(range(len(dataset.splits["train"]))[keep])
        dataset = replace(dataset, splits=dataset.splits | {"train": train})
        run = Run(tmp_path / "run", kind="train", config=jsonable(config))
        console = Console(width=300, file=io.StringIO())
        show_found(console, PreparedData(dataset, (), None, config), run)
        run.release()
        return console.file.getvalue()

    return show


def test_first_three_faults_are_named_with_the_command_that_shows_all(shown, tmp_path):
    text = shown(5)
    assert "5: 5 picture unusable" in text and "2.jpg: Reason 2." in text and "3.jpg" not in text
    assert f"2 more are in {tmp_path / 'run' / 'data.json'}" in text
    assert f"python -m car_classifier data inspect --data {tmp_path / 'cars'}" in text


def test_what_is_left_out_is_named_before_what_is_only_reported(shown):
    reported = [Fault("classes_alike", f"class {number}", "Alike.", "reported") for number in range(3)]
    assert "0.jpg: Reason 0." in shown(1, first=reported)


def test_few_faults_are_all_named(shown):
    text = shown(1)
    assert "0.jpg: Reason 0." in text and "data.json" not in text


def test_no_fault_is_said_so(shown):
    text = shown(0)
    assert "none: every file was decoded" in text and "data inspect" not in text


def test_uneven_classes_bring_a_proposal_unless_it_is_followed(shown, tmp_path):
    uneven = slice(9, None)  # 3, 12 and 12 pictures
    assert "class_weights=true" not in shown(0)
    assert "uneven" in (text := _again(shown, tmp_path, uneven)) and "training.class_weights=true" in text
    text = _again(shown, tmp_path, uneven, {"data.balanced_sampling": True})
    assert "evened out by sampling" in text and "class_weights=true" not in text


def _again(shown, tmp_path, keep, settings=None):
    for name in ("cars", "run"):
        shutil.rmtree(tmp_path / name)
    return shown(0, settings, keep)


def test_command_that_shows_all_chooses_the_same_classes(tmp_path):
    config = Config().override({"data.source": "cub200+x", "data.classes": ["Fish Crow", "b"], "data.label_level": "family",
                                "data.test_fraction": 0.25})
    words = shlex.split(inspect_command(config))
    chosen = ['data.classes=["Fish Crow", "b"]', 'data.label_level="family"', "data.test_fraction=0.25"]
    assert words[-5::2] == chosen and words[-6::2] == ["--set"] * 3
    assert "--set" not in shlex.split(inspect_command(Config()))


def test_a_plain_folder_brings_a_proposal_to_set_test_pictures_apart(shown, tmp_path):
    assert "data.test_fraction" not in shown(0)
    shutil.rmtree(tmp_path / "run")
    shutil.rmtree(tmp_path / "cars")
    text = shown(0, {"data.source": str(draw_picture_folder(tmp_path / "plain") / "train")})
    assert "none: the last figures are of validation" in text and "--set data.test_fraction=0.2" in text


def test_place_of_joined_data_is_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert source_place(Config().override({"data.source": "x/photos+cub200"})) == tmp_path / "x_photos+cub200"
