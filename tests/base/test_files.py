"""Files are complete or not there."""

import errno
import os

import pytest

from car_classifier.base.errors import DataError, ResourceError
from car_classifier.base.files import atomic_path, read_json, write_json, write_text


def test_written_text_is_read_back(tmp_path):
    write_text(tmp_path / "deep" / "a.txt", "Größe\n")
    assert (tmp_path / "deep" / "a.txt").read_bytes() == "Größe\n".encode()


def test_failure_leaves_the_old_file_and_no_rubbish(tmp_path):
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(ZeroDivisionError), atomic_path(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert (tmp_path / "a.txt").read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


def test_full_disk_is_a_resource_error_that_names_the_file(tmp_path):
    with pytest.raises(ResourceError, match="a.txt"), atomic_path(tmp_path / "a.txt"):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_nan_is_refused_in_json(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", float("nan"))


@pytest.mark.parametrize("content", [None, b"{", b"\xff\xfe"])
def test_missing_and_damaged_json_name_the_file(tmp_path, content):
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(DataError, match="a.json"):
        read_json(tmp_path / "a.json")
