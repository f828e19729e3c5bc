import pytest

from car_classifier.base.errors import UserError
from results import run_store
from results.run_store import Run, find_run


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass only when a test says so."""
    now = [0.0]
    monkeypatch.setattr(run_store.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(run_store.os, "times", lambda: (now[0], 0, now[0], 0, now[0]))
    return now


def test_a_step_inside_another_one_is_not_counted_twice(tmp_path, clock):
    run = Run(tmp_path / "run", kind="train", config={})
    with run.step("training"):
        clock[0] += 1
        with run.step("features"):
            clock[0] += 10
        clock[0] += 2
    run.release()
    assert run.record["steps"] == {
        "training": {"seconds": 3, "cpu_seconds": 6}, "features": {"seconds": 10, "cpu_seconds": 20}
    }


def test_an_unknown_run_is_answered_with_the_newest_and_with_how_many_there_are(tmp_path):
    for number in range(10):
        Run(tmp_path / f"run-{number}", kind="train", config={}).release()
    with pytest.raises(UserError, match="run-2, run-3, .*, run-9, the newest of 10 that `runs list` shows") as error:
        find_run("nothing", tmp_path)
    assert "run-1" not in str(error.value)
