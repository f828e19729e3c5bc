import json
import subprocess
import sys
from pathlib import Path

import pytest

from car_classifier.health import backend
from car_classifier.health.backend import check_backend
from car_classifier.health.finding import Mark
from car_classifier.health.places import Places

PLACES = Places(Path("runs"), Path("home"), Path.cwd())
DEVICES = {"backend": "tensorflow", "kind": "cpu", "devices": ["cpu:0"], "precision": "float32", "xla": "off",
           "spread": None, "load_seconds": 4.0}
STEPS = {"first_seconds": 1.0, "step_seconds": 0.02, "learns": True, "loss_is_finite": True, "pictures": 32,
         "image_size": 32}


def findings_of(code):
    return [(f.title, f.mark) for f in check_backend(PLACES, (sys.executable, "-c", code))]


def told(*stages):
    return "".join(f"print({json.dumps(stage)!r}, flush=True)\n" for stage in stages)


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch):
    monkeypatch.setattr(backend, "_has_unused_gpu", lambda: False)


def test_devices_and_steps_are_two_good_lines():
    assert findings_of("print('hello')\n" + told(DEVICES, STEPS)) == [
        ("backend", Mark.good), ("training step", Mark.good)
    ]


@pytest.mark.parametrize("fault", [{"learns": False}, {"loss_is_finite": False}])
def test_steps_that_do_not_train_are_a_problem(fault):
    assert findings_of(told(DEVICES, {**STEPS, **fault}))[1] == ("training step", Mark.problem)


def test_crash_of_the_step_leaves_the_line_of_the_backend():
    code = told(DEVICES) + "import os, signal; os.kill(os.getpid(), signal.SIGILL)"
    assert findings_of(code) == [("backend", Mark.good), ("training step", Mark.problem)]


@pytest.mark.parametrize(
    ("code", "text", "fix"),
    [
        ("import no_such_backend", "No module named 'no_such_backend'", "KERAS_BACKEND"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "want of memory", "end other programs"),
        ("import os; os.abort()", "SIGABRT", "AVX"),
        ("raise ValueError('odd')", "failed: ValueError: odd", "backend_probe"),
    ],
)
def test_failure_is_explained_with_a_fix(code, text, fix):
    finding = check_backend(PLACES, (sys.executable, "-c", code))[0]
    assert finding.mark == Mark.problem and text in finding.text and fix in finding.fix


def test_step_that_never_ends_is_a_problem(monkeypatch):
    def run(*arguments, timeout, **options):
        raise subprocess.TimeoutExpired("probe", timeout)

    monkeypatch.setattr(backend.subprocess, "run", run)
    assert check_backend(PLACES)[0].mark == Mark.problem


def test_gpu_that_the_backend_does_not_see_is_a_warning(monkeypatch):
    monkeypatch.setattr(backend, "_has_unused_gpu", lambda: True)
    finding = check_backend(PLACES, (sys.executable, "-c", told(DEVICES, STEPS)))[0]
    assert finding.mark == Mark.warning and "and-cuda" in finding.fix
