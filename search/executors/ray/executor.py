"""Trials on the nodes of a Ray cluster."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from car_classifier.base.errors import CarClassifierError, ResourceError, UserError
from car_classifier.base.files import sha256_of_file
from search.config import SearchConfig
from search.executor import Event, Executor, TrialTask
from search.executors.ray.cluster import LOG, join_cluster
from search.executors.ray.remote_worker import RemoteWorker
from search.executors.ray.share import share_of
from search.executors.ray.trial_host import TrialHost

SAY_SO = 20.0  # seconds without a node for any worker, after which the user is told
PATIENCE = 300.0  # seconds after which the search is given up; a cluster may take minutes to start a machine


class RayExecutor(Executor):
    """Runs every worker on some node; when a node is lost, another takes its place as soon as a node has room for it.

    What a lost worker was training goes on from its last stored epoch: the search's folder lies on a file system that all
    nodes share. A node that is cut off and lives does no harm, for its worker waits after each epoch for an answer.

    Args: see `Executor`.

    Raises:
        UserError: Ray is not installed, or the cluster cannot be reached.
    """

    def __init__(self, objective: str, config: SearchConfig, *, folder: Path):
        self._ray = join_cluster(config.ray_address)
        self._objective, self._config, self._folder = objective, config, folder.resolve()
        self._job: dict[str, Any] | None = None
        self._homeless_since: float | None = None
        self._has_said_so = False
        self._workers = [self._spawn() for _ in range(config.workers)]

    def prepare(self, job: dict[str, Any]) -> None:
        """Tell the workers what all trials share; search.json is written before."""
        self._job, self._digest = job, sha256_of_file(self._folder / "search.json")

    @property
    def num_free(self) -> int:
        """How many trials can be started now."""
        return sum(worker.is_free for worker in self._workers)

    def start(self, task: TrialTask) -> None:
        """Start a trial on a free worker."""
        next(worker for worker in self._workers if worker.is_free).start(replace(task, folder=task.folder.resolve()))

    def wait(self, seconds: float) -> list[Event]:
        """Return what happened, as soon as anything does; an empty list after `seconds`.

        Raises:
            UserError: a node does not see the search's folder, or lacks a requirement.
            ResourceError: for five minutes no node has had room for a worker.
        """
        until = time.monotonic() + seconds
        while True:
            self._settle()
            left = max(0.0, until - time.monotonic())
            events = [event for worker in self._with_news(left) for event in self._hear(worker)]
            if events or time.monotonic() >= until:
                return events

    def answer(self, number: int, *, go_on: bool) -> None:
        """Answer the epoch of a trial: train on, or stop there."""
        for worker in self._workers:
            if worker.number == number:
                worker.answer(go_on=go_on)

    def close(self) -> None:
        """End all workers at once, and leave the cluster."""
        for worker in self._workers:
            self._ray.kill(worker.host)
        self._ray.shutdown()

    def _spawn(self) -> RemoteWorker:
        # What the living nodes have: a worker that was lost with the largest must fit on one of the others.
        share = share_of(self._ray.nodes(), self._config.workers)
        actor = self._ray.remote(max_restarts=0, max_task_retries=0, **asdict(share))(TrialHost)
        places = {"folder": self._folder, "place": Path.cwd()}
        return RemoteWorker(actor.remote(self._objective, self._config, **places, num_cpus=share.num_cpus), share)

    def _settle(self) -> None:
        """Give the job to workers that have found a node, and fit the others to the nodes that there are now."""
        homeless = [worker for worker in self._workers if worker.node is None]
        share = share_of(self._ray.nodes(), self._config.workers) if homeless else None
        for worker in homeless:
            if worker.share != share:
                self._replace(worker)
        for worker in self._workers:
            if self._job is not None and worker.node is not None and not worker.has_job:
                worker.prepare(self._job, self._digest)
        self._be_patient(len(homeless) == len(self._workers))

    def _be_patient(self, nobody_has_a_node: bool) -> None:
        if not nobody_has_a_node:
            self._homeless_since, self._has_said_so = None, False
            return
        self._homeless_since = self._homeless_since or time.monotonic()
        seconds, share = time.monotonic() - self._homeless_since, self._workers[0].share
        if seconds > PATIENCE:
            raise ResourceError(
                f"For {PATIENCE:.0f} s no node of the Ray cluster had room for a worker ({share}). In all of it are free: "
                f"{self._ray.available_resources().get('CPU', 0):.0f}.\n"
                "Start a node, or free one, and type the same command again."
            )
        if seconds > SAY_SO and not self._has_said_so:
            LOG.warning("Waiting for a node of the Ray cluster with room for a worker (%s).", share)
            self._has_said_so = True

    def _with_news(self, seconds: float) -> list[RemoteWorker]:
        """Return the workers that have answered, as soon as one does."""
        asked = {worker.news: worker for worker in self._workers if worker.news is not None}
        if not asked:
            time.sleep(seconds)
            return []
        self._ray.wait(list(asked), timeout=seconds)
        ready, _ = self._ray.wait(list(asked), num_returns=len(asked), timeout=0)
        return [asked[news] for news in ready]

    def _hear(self, worker: RemoteWorker) -> list[Event]:
        """Return the events that a worker tells, and wait for more unless it waits for us."""
        errors = self._ray.exceptions
        try:
            news = self._ray.get(worker.news)
        except errors.RayTaskError as error:
            raise error.cause if isinstance(error.cause, CarClassifierError) else error from None
        except errors.RayError as error:
            return [self._bury(worker, error)]
        if worker.node is None:
            worker.node, worker.news = news, None
            return []
        events, is_free = news
        worker.take_note(events, is_free=is_free)
        return events

    def _bury(self, worker: RemoteWorker, error: Exception) -> Event:
        """Replace a worker that is lost."""
        if isinstance(error, self._ray.exceptions.RuntimeEnvSetupError) or getattr(error, "actor_init_failed", False):
            reason = str(error).strip().splitlines()[-1]
            raise UserError(
                f"A node of the Ray cluster cannot run trials: {reason}.\nInstall requirements.txt in the Python of every node."
            ) from error
        self._replace(worker)
        out_of_memory = isinstance(error, self._ray.exceptions.OutOfMemoryError)
        where = f"worker on node {worker.node or 'not yet known'}"
        reason = f"{where} ended by Ray, out of memory" if out_of_memory else f"{where} lost ({type(error).__name__})"
        return Event("died", worker.number, {"reason": reason, "out_of_memory": out_of_memory})

    def _replace(self, worker: RemoteWorker) -> None:
        self._ray.kill(worker.host)  # a node that is only cut off may still run it
        self._workers[self._workers.index(worker)] = self._spawn()
