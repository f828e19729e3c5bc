"""A folder that one process works in is closed to others."""

import subprocess
import sys

import pytest

from car_classifier.base.errors import RunInUseError
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
