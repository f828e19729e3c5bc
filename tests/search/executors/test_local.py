"""Searches with real worker processes."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from car_classifier.base.errors import SearchBug, UserError
from search.executors import cores
from search.executors.local import LocalExecutor
from search.executors.worker_process import WorkerProcess
from search.loop import SearchLoop
from search.registry import create_engine
from search.store import SearchStore
from tests.search.kill_harness import KillHarness
from tests.search.measures import memory_per_trial
from tests.search.quadratic import quadratic_problem
from tests.search.recording_observer import RecordingObserver
from tests.search.searching import never, play, results, search_config, work

CHECKOUT = Path(__file__).parents[3]


def processes_of(observer):
    """Return the process ids of the workers that got ready."""
    return [content["process"] for content in observer.of("prepared")]


def start_coordinator(folder, **job):
    """Start a search as a process of its own."""
    request = json.dumps({"folder": str(folder), "job": job})
    command = [sys.executable, "-m", "tests.search.coordinator", request]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)


def test_workers_find_what_trials_in_this_process_find(tmp_path):
    end, trials, observer = work(tmp_path / "workers")
    assert end == "trials" and len(processes_of(observer)) == 1
    assert results(trials) == results(play(tmp_path / "here")[1])


def test_a_trial_never_changes_the_next(tmp_path):
    for trials in range(1, 5):  # each in a fresh worker
        work(tmp_path / "fresh", trials=trials)
    assert results(SearchStore(tmp_path / "fresh").trials()) == results(work(tmp_path / "same", trials=4)[1])


@pytest.mark.parametrize("epochs", [1, 8])
def test_a_stopped_search_goes_on_from_the_last_epoch(tmp_path, epochs):
    cut = tmp_path / "cut"
    assert work(cut, {"seconds": 0.05}, stop=lambda observer: len(observer.of("epoch")) >= epochs)[0] == "stopped"
    assert not SearchStore(cut).trials()[-1].is_finished
    end, trials, observer = work(cut)
    assert end == "trials" and results(trials) == results(play(tmp_path / "whole")[1])


def test_a_worker_that_dies_is_replaced_and_the_trial_goes_on(tmp_path):
    _, trials, observer = work(tmp_path / "dies", {"dies_above": 0.8})
    assert trials[0].deaths == 1 and observer.of("worker_replaced")[0] == "worker killed by SIGKILL"
    assert len(set(processes_of(observer))) == 1 + len(observer.of("worker_replaced"))
    assert results(trials) == results(play(tmp_path / "whole")[1])


def test_trials_that_diverge_or_do_not_fit_are_recorded_and_the_search_goes_on(tmp_path):
    end, trials, _ = work(tmp_path, {"fits": 8, "diverges_above": 0.8})
    assert end == "trials" and trials[0].reason == "diverged: the loss is nan"
    for trial in trials[1:]:
        assert trial.state == ("failed" if trial.values["x"] > 0.8 else "completed")
        assert trial.micro_batch_divisor == trial.values["training.batch_size"] // 8
    assert {trial.micro_batch_divisor for trial in trials} == {1, 2}


def test_what_fits_in_no_way_is_infeasible(tmp_path):
    assert work(tmp_path, {"fits": 0.5}, trials=1)[1][0].state == "infeasible"


def test_a_bug_ends_the_search_with_the_traceback_of_the_worker(tmp_path):
    with pytest.raises(SearchBug, match="Traceback.*\n(.*\n)*.*quadratic.py.*\n(.*\n)*ValueError: no such thing"):
        work(tmp_path, {"fails_above": 0.8})
    assert SearchStore(tmp_path).trials()[0].reason == "bug: ValueError: no such thing"


def test_a_mended_program_continues(tmp_path):
    job = {"fails_above": 0.8, "mended": str(tmp_path / "mended")}
    with pytest.raises(SearchBug):
        work(tmp_path / "search", job)
    (tmp_path / "mended").write_text("")
    assert results(work(tmp_path / "search", job)[1]) == results(play(tmp_path / "whole")[1])


def test_a_mistake_in_the_default_configuration_ends_the_search_and_keeps_the_trial(tmp_path):
    with pytest.raises(UserError, match="that cannot be"):
        work(tmp_path, {"mistaken_above": 0.8})
    assert [trial.state for trial in SearchStore(tmp_path).trials()] == ["running"]


def test_what_cannot_be_prepared_ends_the_search_before_the_first_trial(tmp_path):
    with pytest.raises(UserError, match="no pictures"):
        work(tmp_path, {"prepare_fails": "no pictures"})
    assert not SearchStore(tmp_path).trials()


def test_an_objective_that_is_not_there_ends_the_search(tmp_path):
    config, problem = search_config(), replace(quadratic_problem(), objective="tests.search.nothing:Nothing")
    executor = LocalExecutor(problem.objective, config, folder=tmp_path)
    executor.prepare(problem.job)
    engine, store, observer = create_engine("random", epochs=5), SearchStore(tmp_path), RecordingObserver()
    with pytest.raises(SearchBug, match="No module named 'tests.search.nothing'"):
        SearchLoop(problem, config, engine=engine, executor=executor, store=store, observer=observer).run(never)
    executor.close()


def test_a_worker_that_grows_is_replaced(tmp_path):
    _, trials, observer = work(tmp_path / "grows", {"grows": 30_000_000}, trials=8)
    assert all("memory has grown" in reason for reason in observer.of("worker_replaced"))
    assert len(set(processes_of(observer))) > 1 and observer.of("worker_replaced")
    assert results(trials) == results(play(tmp_path / "whole", trials=8)[1])


def test_two_workers_share_the_trials(tmp_path):
    end, trials, observer = work(tmp_path, {"seconds": 0.02}, workers=2, trials=8)
    assert end == "trials" and len(set(processes_of(observer))) == 2
    assert [trial.state for trial in trials] == ["completed"] * 8
    started = [trial.number for trial in observer.of("trial_started")]
    finished = [trial.number for trial in observer.of("trial_finished")]
    assert started == list(range(8)) and sorted(finished) == started


def test_what_libraries_print_goes_to_the_log(tmp_path, capfd):
    work(tmp_path, trials=1)
    assert "words of the objective" in (tmp_path / "worker.log").read_text()
    assert "words of the objective" not in "".join(capfd.readouterr())


def test_workers_die_with_their_coordinator(tmp_path):
    coordinator = start_coordinator(tmp_path, seconds=60)
    worker = psutil.Process(int(coordinator.stdout.readline().removeprefix("worker ")))
    coordinator.kill()
    coordinator.communicate()
    assert psutil.wait_procs([worker], timeout=30)[1] == []


def test_ctrl_c_and_termination_are_for_the_coordinator(tmp_path):
    coordinator = start_coordinator(tmp_path, seconds=0.02)
    worker = psutil.Process(int(coordinator.stdout.readline().removeprefix("worker ")))
    worker.send_signal(2)
    worker.terminate()
    told = coordinator.communicate()[0].splitlines()
    assert told == [f"finished {number}" for number in range(6)]  # by the first worker: no other got ready


def test_the_main_script_of_the_user_runs_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "print('once')\nfrom pathlib import Path\nfrom tests.search.searching import work\n"
        f"work(Path({str(tmp_path)!r}), trials=1)\n"
    )
    command = f"import sys, runpy; sys.path.insert(0, {str(CHECKOUT)!r}); runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "once\n"), done.stderr
    assert "once" not in (tmp_path / "worker.log").read_text()


@pytest.mark.parametrize("engine", ["random", "optuna:tpe"])
def test_the_coordinator_imports_no_backend(tmp_path, engine):
    command = (
        "import sys, pathlib\nfrom tests.search.searching import work\n"
        f"work(pathlib.Path({str(tmp_path)!r}), trials=2, engine={engine!r})\n"
        "print([name for name in ('tensorflow', 'keras', 'torch', 'jax') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.stdout == "[]\n", done.stderr


def test_the_kernel_is_known_as_the_killer_by_its_count(tmp_path, monkeypatch):
    counts = iter([0, 0, *[1] * 99])  # at the start of the worker and of its trial, then
    monkeypatch.setattr("search.executors.worker_process.count_oom_kills", lambda: next(counts))
    _, trials, observer = work(tmp_path, {"dies_above": 0.8}, trials=1)
    assert observer.of("worker_replaced")[0] == "worker killed by SIGKILL by the kernel, out of memory"
    assert (trials[0].state, trials[0].micro_batch_divisor, trials[0].deaths) == ("completed", 2, 1)  # then it dies once more


def test_workers_that_die_while_they_prepare_end_the_search(tmp_path, monkeypatch):
    prepare = WorkerProcess.prepare

    def prepare_and_kill(self, job, *, sparingly):
        prepare(self, job, sparingly=sparingly)
        self._process.kill()

    monkeypatch.setattr(WorkerProcess, "prepare", prepare_and_kill)
    with pytest.raises(SearchBug, match="5 workers died before they could run a trial: worker killed by SIGKILL"):
        work(tmp_path)


def test_what_the_kernel_kills_while_it_prepares_prepares_sparingly(tmp_path, monkeypatch):
    prepare, counts = WorkerProcess.prepare, iter([0, *[1] * 99])
    monkeypatch.setattr("search.executors.worker_process.count_oom_kills", lambda: next(counts))

    def prepare_and_kill(self, job, *, sparingly):
        prepare(self, job, sparingly=sparingly)
        if not sparingly:
            self._process.kill()

    monkeypatch.setattr(WorkerProcess, "prepare", prepare_and_kill)
    end, _, observer = work(tmp_path, trials=1)
    assert end == "trials" and [content["sparingly"] for content in observer.of("prepared")] == [True]


def test_the_death_of_a_spare_worker_is_only_told(tmp_path):
    executor = LocalExecutor("tests.search.quadratic:Quadratic", search_config(), folder=tmp_path)
    spare = executor._successor = executor._spawn(None)
    spare._process.kill()
    events = [event for _ in range(50) for event in executor.wait(0.2)]
    executor.close()
    assert [(event.kind, event.content) for event in events] == [("replaced", {"reason": "a spare worker killed by SIGKILL"})]


def test_what_trials_share_is_made_by_a_process_with_all_cores(tmp_path, monkeypatch):
    monkeypatch.setattr(cores, "num_cores", lambda: 2)
    made = []
    original = WorkerProcess.prepare

    def note(self, job, *, sparingly):
        made.append(self)
        original(self, job, sparingly=sparingly)

    monkeypatch.setattr(WorkerProcess, "prepare", note)
    _, _, observer = work(tmp_path, trials=2, threads=1)
    maker, worker = (process._process for process in made)
    assert maker.wait() == -signal.SIGKILL and worker.pid == observer.of("prepared")[0]["process"]
    assert set(processes_of(observer)) == {worker.pid}


def test_a_killed_maker_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(cores, "num_cores", lambda: 2)
    original, killed = WorkerProcess.prepare, []

    def prepare_and_kill(self, job, *, sparingly):
        original(self, job, sparingly=sparingly)
        if not killed:
            killed.append(self)
            self._process.kill()

    monkeypatch.setattr(WorkerProcess, "prepare", prepare_and_kill)
    end, trials, _ = work(tmp_path, trials=2, threads=1)
    assert end == "trials" and [trial.state for trial in trials] == ["completed"] * 2


@pytest.mark.slow
def test_kills_at_random_instants_lose_nothing(tmp_path):
    harness = KillHarness(tmp_path, seed=7, engine="random", trials=12, pruner="median", job={"epochs": 6, "seconds": 0.02})
    harness.run(8)
    assert harness.killed.total() >= 8


@pytest.mark.slow
def test_the_memory_of_the_coordinator_is_flat(tmp_path):
    held = memory_per_trial(tmp_path, trials=60, engine="random")
    assert held[-1] < held[19] + 3
