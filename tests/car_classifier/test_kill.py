"""`kill -9` of a whole `train` command, twice, changes nothing about how the run ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from car_classifier.base.files import read_json
from tests.car_classifier.kill_harness import end_of
from tests.car_classifier.picture_folder import draw_picture_folder

CHECKOUT = Path(__file__).parent.parent.parent
SCRIPT = """
import os, signal, sys
from car_classifier.training.checkpoint import CheckpointStore

left = int(sys.argv.pop(1))
save = CheckpointStore.save

def dying(self, files, state):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    save(self, files, state)

CheckpointStore.save = dying
from car_classifier.cli import main
main()
"""


def _train(place, name, *, dies_at=0):
    command = [
        sys.executable, "-c", SCRIPT, str(dies_at), "train", "--data", str(place / "cars"), "--model", "model1",
        "--image-size", "16", "--epochs", "4", "--batch-size", "8", "--runs-dir", str(place), "--run", name, "--json",
    ]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)


@pytest.mark.slow
def test_run_killed_twice_ends_like_the_uninterrupted_one(tmp_path):
    draw_picture_folder(tmp_path / "cars")
    whole = _train(tmp_path, "whole")
    assert whole.returncode == 0, whole.stderr
    assert _train(tmp_path, "killed", dies_at=2).returncode == -9
    assert _train(tmp_path, "killed", dies_at=2).returncode == -9
    killed = _train(tmp_path, "killed")
    assert json.loads(killed.stdout.splitlines()[-1])["status"] == "done"
    assert end_of(tmp_path / "killed") == end_of(tmp_path / "whole")
    assert [event["reason"] for event in read_json(tmp_path / "killed" / "run.json")["interruptions"]] == ["killed"] * 2
