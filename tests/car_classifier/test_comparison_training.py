"""The processes of a comparison, with commands that end at once in the place of trainings."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from car_classifier.base.errors import InterruptedRun
from car_classifier.comparison_plan import MemberPlan
from car_classifier.comparison_training import MemberTraining
from car_classifier.config import Config
from car_classifier.training.stop import StopRequest

WAITS = (
    "import signal, threading\nfrom car_classifier.comparison_member import _stop_with_the_comparison as stop\n"
    "threading.Thread(target=stop, daemon=True).start()\nprint('ready', flush=True)\nsignal.pause()\n"
)


@pytest.fixture
def stop():
    return StopRequest()


@pytest.fixture
def training(tmp_path, stop):
    return MemberTraining(tmp_path / "members.log", stop, lambda member, words: None)


def plan(*argv):
    return MemberPlan("variant", Config(), frozenset(), "name", Path("nowhere"), argv, ())


def test_a_command_that_ends_well_is_no_failure(training, tmp_path):
    assert training.train(plan("runs", "list", "--runs-dir", str(tmp_path))) is None


def test_a_failure_comes_with_its_status_and_its_last_words(training, tmp_path):
    status, reason = training.train(plan("runs", "show", "nothing", "--runs-dir", str(tmp_path)))
    assert status == 2 and "No run 'nothing'" in reason
    assert "No run 'nothing'" in (tmp_path / "members.log").read_text()


def test_nothing_is_started_once_somebody_has_asked_for_the_end(training, stop, tmp_path):
    stop.signal_number = 15
    with pytest.raises(InterruptedRun):
        training.train(plan("runs", "list"))
    assert not (tmp_path / "members.log").exists()


def test_a_training_stops_as_by_ctrl_c_when_the_process_of_the_comparison_is_gone():
    process = subprocess.Popen([sys.executable, "-c", WAITS], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    assert process.stdout.readline() == b"ready\n"
    process.stdin.close()
    assert process.wait(timeout=60) == -signal.SIGINT
    process.stdout.close()
