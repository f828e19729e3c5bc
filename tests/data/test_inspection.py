import os

import numpy as np
import pytest

import data.inspection
from car_classifier.base.errors import DataError
from data.dataset import Dataset
from data.inspection import check_pictures, remove_bad


@pytest.fixture
def decoded(monkeypatch):
    """Names of the files that are decoded."""
    names = []
    original = data.inspection.decode_picture

    def record(path, **settings):
        names.append(path.name)
        return original(path, **settings)

    monkeypatch.setattr(data.inspection, "decode_picture", record)
    return names


def check(split, **settings):
    return check_pictures(split.paths, **({"max_megapixels": 50, "threads": 3} | settings))


def test_unusable_files_are_named_with_their_reason_in_order(split):
    split.paths[7].unlink()
    split.paths[2].write_bytes(split.paths[2].read_bytes()[:100])
    split.paths[4].write_text("no picture")
    assert [(path.name, reason.split(" ")[0]) for path, reason in check(split)] == [
        ("02.png", "damaged"),
        ("04.png", "none"),
        ("07.png", "cannot"),
    ]


def test_good_files_give_nothing_and_progress_is_told(split):
    calls = []
    assert check(split, progress=lambda done, total: calls.append((done, total))) == []
    assert calls == [(number, 11) for number in range(1, 12)]


def test_results_are_remembered(split, tmp_path, decoded):
    split.paths[4].write_text("no picture")
    first = check(split, memory_file=tmp_path / "checked.json")
    assert len(decoded) == 11
    assert check(split, memory_file=tmp_path / "checked.json") == first
    assert len(decoded) == 11


def test_interruption_keeps_what_is_known(split, tmp_path, decoded):
    def interrupt(done, total):
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(split, memory_file=tmp_path / "checked.json", progress=interrupt)
    decoded.clear()
    assert check(split, memory_file=tmp_path / "checked.json") == []
    assert sorted(decoded) == [path.name for path in split.paths[6:]]


def test_changed_files_are_checked_again(split, tmp_path, decoded):
    check(split, memory_file=tmp_path / "checked.json")
    decoded.clear()
    split.paths[4].write_text("no picture")
    os.utime(split.paths[6], (1, 1))
    assert [path.name for path, _ in check(split, memory_file=tmp_path / "checked.json")] == ["04.png"]
    assert sorted(decoded) == ["04.png", "06.png"]


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 1, "max_megapixels": 50, "files": 3}', '{"format": 0}'])
def test_damaged_memory_is_forgotten(split, tmp_path, content):
    (tmp_path / "checked.json").write_text(content)
    split.paths[4].write_text("no picture")
    assert len(check(split, memory_file=tmp_path / "checked.json")) == 1


def test_other_size_limit_checks_again(split, tmp_path):
    assert check(split, memory_file=tmp_path / "checked.json") == []
    assert len(check(split, memory_file=tmp_path / "checked.json", max_megapixels=0.0001)) == 11


def test_bad_pictures_are_removed_and_noted(split):
    dataset = Dataset(
        "tiny", ("a", "b", "c"), {"train": split.take(np.arange(10)), "test": split.take([10])}, ("before",)
    )
    cleaned = remove_bad(
        dataset, [(split.paths[0], "damaged"), (split.paths[9], "damaged"), (split.paths[10], "empty")]
    )
    assert {name: len(content) for name, content in cleaned.splits.items()} == {"train": 8}
    assert cleaned.notes[0] == "before" and "3 picture files cannot be used" in cleaned.notes[1]
    assert cleaned.notes[2:] == (
        "Classes that lost all their training pictures: c.",
        "The test split lost all its pictures.",
    )
    assert len(dataset.splits["train"]) == 10


def test_nothing_bad_changes_nothing(split):
    dataset = Dataset("tiny", ("a", "b", "c"), {"train": split})
    assert remove_bad(dataset, []) is dataset


def test_no_training_picture_left_is_an_error(split):
    dataset = Dataset("tiny", ("a", "b", "c"), {"train": split})
    with pytest.raises(DataError, match="None of the training pictures.*00.png: damaged"):
        remove_bad(dataset, [(path, "damaged") for path in split.paths])


def test_odd_files_are_found_and_real_cars_are_fine(real_data):
    cars = sorted((real_data / "stanford_cars" / "car_data" / "test").rglob("*.jpg"))[:50]
    odd = sorted((real_data / "odd_images" / "crash").glob("*.jpg"))
    bad = check_pictures(cars + odd, max_megapixels=50)
    assert len(bad) == 54 and {path.parent.name for path, _ in bad} == {"crash"}
