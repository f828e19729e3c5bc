from collections import namedtuple

import pytest

from car_classifier.health import storage
from car_classifier.health.finding import Mark
from car_classifier.health.places import Places
from car_classifier.health.storage import check_disk, check_folders, check_memory, check_weights
from models.registry import MODELS

Usage = namedtuple("Usage", "free")


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path / "runs", tmp_path / "home", tmp_path)


def test_folders_to_be_made_are_good_and_are_not_made(places, tmp_path):
    assert [finding.mark for finding in check_folders(places)] == [Mark.good, Mark.good]
    assert list(tmp_path.iterdir()) == []


def test_folder_below_a_file_is_a_problem_of_that_folder_alone(places, tmp_path):
    (tmp_path / "runs").touch()
    first, second = check_folders(places)
    assert (first.mark, second.mark) == (Mark.problem, Mark.good)
    assert "Not a directory" in first.text and "--runs-dir" in first.fix


@pytest.mark.parametrize(("free", "mark"), [(0.5e9, Mark.problem), (3e9, Mark.warning), (9e9, Mark.good)])
def test_little_free_disk_is_told(places, monkeypatch, free, mark):
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda folder: Usage(free))
    finding = check_disk(places)[0]
    assert finding.mark == mark and bool(finding.fix) == (mark != Mark.good)


@pytest.mark.parametrize(("free", "mark"), [(0.5e9, Mark.problem), (3e9, Mark.warning), (9e9, Mark.good)])
def test_little_free_memory_is_told(places, monkeypatch, free, mark):
    monkeypatch.setattr(storage, "free_memory_bytes", lambda: free)
    assert check_memory(places)[0].mark == mark


def test_missing_weights_are_a_warning_that_names_the_models(places):
    (places.home / "weights").mkdir(parents=True)
    (places.home / "weights" / MODELS["vgg16"].weights[0].file_name).touch()
    finding = check_weights(places)[0]
    assert finding.mark == Mark.warning and finding.text.startswith("at hand for vgg16; not for resnet50")


def test_all_weights_at_hand_are_good(places):
    (places.home / "weights").mkdir(parents=True)
    for entry in MODELS.values():
        for weights in entry.weights:
            (places.home / "weights" / weights.file_name).touch()
    assert check_weights(places)[0].mark == Mark.good
