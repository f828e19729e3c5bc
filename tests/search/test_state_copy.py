"""Giving one trial the training state of another."""

import shutil

import pytest

from car_classifier.base.errors import ResourceError
from search.state_copy import copy_state


def test_a_state_is_copied_whole(tmp_path):
    (tmp_path / "from" / "inner").mkdir(parents=True)
    (tmp_path / "from" / "inner" / "weights").write_text("1")
    copy_state(tmp_path / "from", tmp_path / "to")
    assert (tmp_path / "to" / "inner" / "weights").read_text() == "1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["from", "to"]


def test_what_a_killed_process_left_of_a_copy_is_not_used(tmp_path):
    for name in ("from", "to.partial"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    copy_state(tmp_path / "from", tmp_path / "to")
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["from"]


def test_a_training_that_has_begun_is_left_alone(tmp_path):
    for name in ("from", "to"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows").write_text(name)
    copy_state(tmp_path / "from", tmp_path / "to")
    assert (tmp_path / "to" / "rows").read_text() == "to"


def test_a_state_that_is_gone_gives_nothing(tmp_path):
    copy_state(tmp_path / "from", tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_full_disk_leaves_no_half_of_a_state(tmp_path, monkeypatch):
    def fill(source, target):
        target.mkdir()
        raise shutil.Error([(source, target, "[Errno 28] No space left on device")])

    (tmp_path / "from").mkdir()
    monkeypatch.setattr(shutil, "copytree", fill)
    with pytest.raises(ResourceError, match="No space left"):
        copy_state(tmp_path / "from", tmp_path / "to")
    assert not (tmp_path / "to").exists()
