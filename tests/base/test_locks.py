"""A folder that one process works in is closed to others."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from car_classifier.base.errors import ResourceError, RunInUseError, UserError
from car_classifier.base.locks import lock_folder

HOLDER = """
import sys
from pathlib import Path
from car_classifier.base.locks import lock_folder
lock = lock_folder(Path(sys.argv[1]))
print("locked", flush=True)
sys.stdin.read()
"""


def test_second_process_is_refused_until_the_first_is_dead(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout.readline() == b"locked\n"
        with pytest.raises(RunInUseError, match="in use"):
            lock_folder(tmp_path)
        holder.kill()
    lock_folder(tmp_path).release()


def test_what_is_no_folder_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="file cannot be written: .* or choose another"):
        lock_folder(tmp_path / "file")


def test_a_full_disk_is_called_so(tmp_path, monkeypatch):
    def mkdir(self, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with pytest.raises(ResourceError, match="The disk is full"):
        lock_folder(tmp_path / "new")
