import json
import os
import shutil

import numpy as np
import pytest
from PIL import Image

import data.inspection
from data.inspection import inspect_pictures
from data.picture_facts import PictureFacts


@pytest.fixture
def decoded(monkeypatch):
    """Names of the files that are decoded."""
    names = []
    original = data.inspection.decode_content

    def record(content, path, **settings):
        names.append(path.name)
        return original(content, path, **settings)

    monkeypatch.setattr(data.inspection, "decode_content", record)
    return names


def inspect(paths, **settings):
    return inspect_pictures(paths, **({"max_megapixels": 50, "threads": 3} | settings))


def test_unusable_files_are_named_with_their_reason_in_order(split):
    split.paths[7].unlink()
    split.paths[2].write_bytes(split.paths[2].read_bytes()[:100])
    split.paths[4].write_text("no picture")
    found = inspect(split.paths)
    assert [(path.name, reason.split(" ")[0]) for path, reason in found.bad.items()] == [
        ("02.png", "damaged"),
        ("04.png", "none"),
        ("07.png", "cannot"),
    ]
    assert list(found.facts) == [path for number, path in enumerate(split.paths) if number not in (2, 4, 7)]


def test_size_and_content_of_good_files_are_told_and_progress_is_made(split):
    calls = []
    found = inspect(split.paths, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(number, 11) for number in range(1, 12)] and not found.bad
    facts = found.facts[split.paths[0]]
    assert isinstance(facts, PictureFacts) and (facts.width, facts.height) == (32, 24)
    assert len({facts.digest for facts in found.facts.values()}) == 11


def test_results_are_remembered(split, tmp_path, decoded):
    split.paths[4].write_text("no picture")
    first = inspect(split.paths, memory_file=tmp_path / "checked.json")
    assert len(decoded) == 11
    assert inspect(split.paths, memory_file=tmp_path / "checked.json") == first
    assert len(decoded) == 11


def test_moved_and_touched_files_are_known_by_their_content(split, tmp_path, decoded):
    inspect(split.paths, memory_file=tmp_path / "checked.json")
    moved = shutil.copy(split.paths[0], tmp_path / "moved.png")
    os.utime(split.paths[1], (1, 1))
    decoded.clear()
    found = inspect([moved, split.paths[1]], memory_file=tmp_path / "checked.json")
    assert not decoded and len(found.facts) == 2


def test_another_picture_of_equal_size_and_time_is_noticed(split, tmp_path, decoded):
    path = split.paths[0]
    inspect(split.paths, memory_file=tmp_path / "checked.json")
    status, content = path.stat(), bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path in inspect(split.paths, memory_file=tmp_path / "checked.json").bad


def test_interruption_keeps_what_is_known(split, tmp_path, decoded):
    def interrupt(done, total):
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inspect(split.paths, memory_file=tmp_path / "checked.json", progress=interrupt)
    decoded.clear()
    assert not inspect(split.paths, memory_file=tmp_path / "checked.json").bad
    assert sorted(decoded) == [path.name for path in split.paths[6:]]


def test_what_is_known_is_saved_while_the_work_goes_on(split, tmp_path, monkeypatch):
    monkeypatch.setattr(data.inspection, "_SECONDS_BETWEEN_SAVES", -1)
    saved = []

    def look(done, total):
        saved.append((tmp_path / "checked.json").exists())

    inspect(split.paths, memory_file=tmp_path / "checked.json", progress=look)
    assert saved == [False] + [True] * 10


def test_files_that_are_gone_are_forgotten_and_others_kept(split, tmp_path):
    memory = tmp_path / "checked.json"
    split.paths[4].write_text("no picture")
    inspect(split.paths, memory_file=memory)
    split.paths[0].unlink()
    split.paths[4].unlink()
    inspect(split.paths[1:3], memory_file=memory)
    stored = json.loads(memory.read_text())
    assert len(stored["files"]) == len(stored["contents"]) == 9
    assert not {str(split.paths[0]), str(split.paths[4])} & set(stored["files"])


def test_memory_is_not_written_when_nothing_is_new(split, tmp_path):
    memory = tmp_path / "checked.json"
    inspect(split.paths, memory_file=memory)
    written = memory.stat()
    inspect(split.paths, memory_file=memory)
    assert (memory.stat().st_ino, memory.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


def test_changed_files_are_checked_again(split, tmp_path, decoded):
    inspect(split.paths, memory_file=tmp_path / "checked.json")
    decoded.clear()
    split.paths[4].write_text("no picture")
    assert [path.name for path in inspect(split.paths, memory_file=tmp_path / "checked.json").bad] == ["04.png"]
    assert decoded == ["04.png"]


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 2}', '{"format": 0}', "null"])
def test_damaged_memory_is_forgotten(split, tmp_path, content):
    (tmp_path / "checked.json").write_text(content)
    split.paths[4].write_text("no picture")
    assert len(inspect(split.paths, memory_file=tmp_path / "checked.json").bad) == 1


def test_memory_with_damaged_entries_is_forgotten(split, tmp_path):
    memory = tmp_path / "checked.json"
    inspect(split.paths, memory_file=memory)
    memory.write_text(memory.read_text().replace("[32, 24, ", "[32, "))
    assert len(inspect(split.paths, memory_file=memory).facts) == 11


def test_other_size_limit_checks_again(split, tmp_path):
    assert not inspect(split.paths, memory_file=tmp_path / "checked.json").bad
    assert len(inspect(split.paths, memory_file=tmp_path / "checked.json", max_megapixels=0.0001).bad) == 11


def test_near_pictures_are_remembered_until_there_are_others(split, tmp_path, monkeypatch):
    compared = []
    monkeypatch.setattr(data.inspection, "near_hashes", lambda hashes: compared.append(len(hashes)) or (("00", "11"),))
    for seed, path in enumerate(split.paths[:3]):
        Image.fromarray(np.random.default_rng(seed).integers(0, 256, (24, 32, 3), np.uint8)).save(path)
    near = [inspect(paths, memory_file=tmp_path / "checked.json").near for paths in (split.paths, split.paths[::-1])]
    assert near == [(("00", "11"),)] * 2 and compared == [3]
    inspect(split.paths[1:], memory_file=tmp_path / "checked.json")
    assert compared == [3, 2]


def test_odd_files_are_found_and_real_cars_are_fine(real_data):
    cars = sorted((real_data / "stanford_cars" / "car_data" / "test").rglob("*.jpg"))[:50]
    odd = sorted((real_data / "odd_images" / "crash").glob("*.jpg"))
    bad = inspect(cars + odd).bad
    assert len(bad) == 54 and {path.parent.name for path in bad} == {"crash"}
