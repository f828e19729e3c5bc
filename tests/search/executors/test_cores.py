"""What a worker process is told about the machine."""

import os
import sys

from search.executors import cores
from search.executors.cores import GPU_SETTINGS, OPERATION_SETTING, THREAD_SETTINGS, threads_of_worker, worker_environment


def test_several_workers_share_the_cores_out(monkeypatch):
    monkeypatch.setattr(cores, "num_cores", lambda: 8)
    assert threads_of_worker(3, None) == 2
    assert threads_of_worker(20, None) == 1
    assert threads_of_worker(1, None) is None


def test_threads_asked_for_go_before(monkeypatch):
    monkeypatch.setattr(cores, "num_cores", lambda: 8)
    assert threads_of_worker(1, 1) == 1
    assert threads_of_worker(2, 8) is None


def test_libraries_are_told_the_number_of_threads(monkeypatch):
    for name in THREAD_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cores, "num_cores", lambda: 4)
    assert {worker_environment(2, workers=2)[name] for name in THREAD_SETTINGS} == {"2"}
    assert not set(THREAD_SETTINGS) & set(worker_environment(None, workers=1))


def test_cores_that_an_operation_leaves_idle_run_others(monkeypatch):
    for name in THREAD_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cores, "num_cores", lambda: 6)
    operations = {workers: worker_environment(1, workers=workers)[OPERATION_SETTING] for workers in (1, 2, 6, 9)}
    assert operations == {1: "4", 2: "3", 6: "1", 9: "1"}


def test_what_the_user_has_set_stays(monkeypatch):
    for name in ("OMP_NUM_THREADS", *GPU_SETTINGS):
        monkeypatch.setenv(name, "5")
        assert worker_environment(2, workers=1)[name] == "5"


def test_workers_share_the_memory_of_a_gpu(monkeypatch):
    for name in GPU_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    assert GPU_SETTINGS.items() <= worker_environment(None, workers=1).items()


def test_a_worker_finds_the_modules_that_we_find(monkeypatch):
    monkeypatch.setattr(sys, "path", ["", "/elsewhere"])
    assert worker_environment(None, workers=1)["PYTHONPATH"].split(os.pathsep) == [os.getcwd(), "/elsewhere"]
