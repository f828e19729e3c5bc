import dataclasses
import signal

import psutil
import pytest

from car_classifier.base.errors import ResourceError, UserError
from search.executors.ray import executor as ray_executor
from search.executors.ray.share import Share
from search.loop import SearchLoop
from search.registry import create_engine
from search.store import SearchStore
from tests.search.executors.traced import read_trace
from tests.search.quadratic import quadratic_problem
from tests.search.recording_observer import RecordingObserver
from tests.search.searching import EPOCHS, results, search_config, work

ray = pytest.importorskip("ray", reason="Ray is an optional requirement: pip install ray")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running_cluster():
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    yield cluster
    cluster.shutdown()


@pytest.fixture
def cluster(running_cluster):
    """Return a cluster of two nodes with one core each, and a head that runs nothing."""
    while len(running_cluster.worker_nodes) < 2:
        running_cluster.add_node(num_cpus=1)
    yield running_cluster
    ray.shutdown()


def executor_on(cluster, folder, objective="tests.search.quadratic:Quadratic", **settings):
    folder.mkdir(exist_ok=True)
    (folder / "search.json").write_text("{}")
    config = search_config(executor="ray", ray_address=cluster.address, **settings)
    return ray_executor.RayExecutor(objective, config, folder=folder)


def work_on(cluster, folder, job=None, *, stop=lambda observer: False, **settings):
    """Search on the cluster; return (end, trials, observer)."""
    problem = dataclasses.replace(
        quadratic_problem(trace=str(folder / "trace.txt"), **(job or {})), objective="tests.search.executors.traced:Traced"
    )
    config, observer, store = search_config(**settings), RecordingObserver(), SearchStore(folder)
    executor = executor_on(cluster, folder, problem.objective, **settings)
    try:
        executor.prepare(problem.job)
        engine = create_engine(config.engine, epochs=EPOCHS)
        loop = SearchLoop(problem, config, engine=engine, executor=executor, store=store, observer=observer)
        return loop.run(lambda: stop(observer)), store.trials(), observer
    finally:
        executor.close()


class NodeKiller:
    """Kills the node that trains trial 2, and all that runs there, once two of its epochs have been heard of."""

    def __init__(self, cluster, trace):
        self.cluster, self.trace, self.killed = cluster, trace, []

    def __call__(self, observer):
        if not self.killed and (2, 2) in observer.of("epoch"):
            process = next(iter(read_trace(self.trace)[2]))
            raylets = {node.all_processes["raylet"][0].process.pid: node for node in self.cluster.worker_nodes}
            raylet = next(parent for parent in psutil.Process(process).parents() if parent.pid in raylets)
            self.killed = [raylet, *raylet.children(recursive=True)]
            for process in self.killed:
                process.kill()
            self.cluster.remove_node(raylets[raylet.pid], allow_graceful=False)
        return False


@pytest.mark.parametrize("workers", [1, 2])
def test_a_trial_whose_node_is_killed_goes_on_elsewhere_from_its_last_epoch(cluster, tmp_path, workers):
    killer = NodeKiller(cluster, tmp_path / "trace.txt")
    _, trials, observer = work_on(cluster, tmp_path, stop=killer, workers=workers)
    first, second = read_trace(tmp_path / "trace.txt")[2].values()
    assert len(cluster.worker_nodes) == 1
    assert first[:2] == [1, 2] and second[-1] == EPOCHS and not {1, 2} & set(second)
    assert [trial.deaths for trial in trials] == [0, 0, 1, 0, 0, 0]
    assert sorted(trial.number for trial in observer.of("trial_finished")) == [0, 1, 2, 3, 4, 5]


def test_a_search_whose_largest_node_is_killed_finds_what_the_local_executor_finds(cluster, tmp_path):
    largest = cluster.add_node(num_cpus=3)  # its worker asks for three cores, which no other node has
    _, trials, _ = work_on(cluster, tmp_path / "ray", stop=NodeKiller(cluster, tmp_path / "ray" / "trace.txt"))
    assert largest not in cluster.worker_nodes and len(cluster.worker_nodes) == 2
    assert results(trials) == results(work(tmp_path / "local")[1])


def test_a_killed_worker_process_is_replaced_on_its_node(cluster, tmp_path):
    _, trials, observer = work_on(cluster, tmp_path, {"dies_above": 0.85})
    assert trials[0].deaths == 1 and observer.of("worker_replaced") == ["worker killed by SIGKILL"]
    assert {trial.state for trial in trials} == {"completed"} and len(cluster.worker_nodes) == 2


def test_an_error_of_a_trial_keeps_its_class(cluster, tmp_path):
    with pytest.raises(UserError, match="that cannot be"):
        work_on(cluster, tmp_path, {"mistaken_above": 0.85})


def test_a_node_that_sees_another_folder_is_named(cluster, tmp_path):
    executor = executor_on(cluster, tmp_path)
    executor.prepare({})
    (tmp_path / "search.json").write_text("another search")
    with pytest.raises(UserError, match="does not see the search's folder"):
        executor.wait(60.0)
    executor.close()


class HostWithoutRequirements:
    """Stands for a host on a node where a module is missing."""

    def __init__(self, *arguments, **settings):
        raise ModuleNotFoundError("No module named 'keras'")

    def open(self):
        """Never be reached."""


def test_a_node_that_lacks_a_requirement_is_the_users_to_mend(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(ray_executor, "TrialHost", HostWithoutRequirements)
    executor = executor_on(cluster, tmp_path)
    with pytest.raises(UserError, match="No module named 'keras'\\.\nInstall requirements.txt"):
        executor.wait(60.0)
    executor.close()


def test_a_cluster_without_room_is_not_waited_for_without_end(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(ray_executor, "share_of", lambda nodes, workers: Share(99, 0))
    monkeypatch.setattr(ray_executor, "PATIENCE", 0.0)
    executor = executor_on(cluster, tmp_path)
    with pytest.raises(ResourceError, match="no node of the Ray cluster had room"):
        executor.wait(60.0)
    executor.close()


def test_joining_keeps_the_answer_to_sigterm(cluster, tmp_path):
    before = signal.getsignal(signal.SIGTERM)
    executor_on(cluster, tmp_path).close()
    assert signal.getsignal(signal.SIGTERM) is before
