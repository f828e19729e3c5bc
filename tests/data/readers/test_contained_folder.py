import os

import pytest

from car_classifier.base.errors import DataError
from data.readers.bad_entry import BadEntry
from data.readers.contained_folder import ContainedFolder


def test_hidden_entries_and_those_of_systems_are_passed_over(tmp_path):
    for name in (".git", "__MACOSX", "@eaDir", "b", "a"):
        (tmp_path / name).mkdir()
    for name in (".hidden.png", "Thumbs.db", "2.PNG", "1.jpeg", "readme.txt"):
        (tmp_path / name).touch()
    contained = ContainedFolder(tmp_path)
    assert [path.name for path in contained.folders(tmp_path)] == ["a", "b"]
    assert [path.name for path in contained.files(tmp_path)] == ["1.jpeg", "2.PNG", "readme.txt"]
    assert [path.name for path in contained.pictures(tmp_path)] == ["1.jpeg", "2.PNG"]


def test_folder_that_cannot_be_read_is_a_fault(tmp_path, monkeypatch):
    def refuse(place):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a").mkdir()
    contained = ContainedFolder(tmp_path)
    monkeypatch.setattr(os, "scandir", refuse)
    assert contained.files(tmp_path / "a") == []
    (fault,) = contained.refused(tmp_path / "a")
    assert fault.kind == "folder_not_searched" and fault.message == "The folder cannot be read: Permission denied."
    with pytest.raises(BadEntry, match="Permission denied"):
        contained.locate("a/1.png")


def test_root_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be read: No such file"):
        ContainedFolder(tmp_path / "missing")


def test_root_may_itself_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "1.png").touch()
    (tmp_path / "link").symlink_to("real")
    assert ContainedFolder(tmp_path / "link").locate("1.png") == tmp_path / "link" / "1.png"


def test_links_in_a_circle_are_refused(tmp_path):
    (tmp_path / "a.png").symlink_to("b.png")
    (tmp_path / "b.png").symlink_to("a.png")
    assert [fault.kind for fault in ContainedFolder(tmp_path).refused(tmp_path)] == ["file_missing"] * 2


def test_unnamed_are_the_pictures_that_were_not_located(tmp_path):
    for name in ("1.png", "2.png", "notes.txt"):
        (tmp_path / name).touch()
    contained = ContainedFolder(tmp_path)
    contained.locate("1.png")
    assert [fault.where for fault in contained.unnamed(tmp_path)] == [str(tmp_path / "2.png")]
