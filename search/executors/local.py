"""Trials in processes of this machine."""

import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from search.config import SearchConfig
from search.executor import Event, Executor, TrialTask
from search.executors.cores import threads_of_worker, worker_environment
from search.executors.worker_process import WorkerProcess

GROWN = 1.5  # times the memory after the first trial: a successor starts importing
OVERGROWN = 2.0  # the successor takes over


class LocalExecutor(Executor):
    """Runs trials in worker processes of this machine, each of which runs many.

    What all trials share is made once: by a process of its own that has all cores and then ends, or, where a worker has them
    all, by that worker. The workers get the job when it is made. A worker that dies, or whose memory has doubled since its
    first trial, is replaced. What libraries print goes to `worker.log`.

    Args: see `Executor`.
    """

    def __init__(self, objective: str, config: SearchConfig, *, folder: Path):
        self._objective, self._log = objective, folder / "worker.log"
        self._num_workers, self._threads = config.workers, threads_of_worker(config.workers, config.threads)
        self._inbox: SimpleQueue[tuple[WorkerProcess, dict[str, Any] | None]] = SimpleQueue()
        self._job: dict[str, Any] | None = None
        self._is_made = False  # what all trials share
        self._sparingly = False  # it is to be made, because memory ran out before
        self._alive: set[WorkerProcess] = set()
        self._successor: WorkerProcess | None = None
        self._maker = None if self._threads is None else self._spawn(None)
        self._workers = [self._spawn(self._threads) for _ in range(config.workers)]

    def prepare(self, job: dict[str, Any]) -> None:
        """Tell the workers what all trials share."""
        self._job = job
        self._hand_out_job()

    @property
    def num_free(self) -> int:
        """How many trials can be started now."""
        return sum(worker.is_free for worker in self._workers)

    def start(self, task: TrialTask) -> None:
        """Start a trial on a free worker."""
        next(worker for worker in self._workers if worker.is_free).start(task)

    def wait(self, seconds: float) -> list[Event]:
        """Return what happened, as soon as anything does; an empty list after `seconds`."""
        events: list[Event] = []
        until = time.monotonic() + seconds
        while not events:
            try:
                worker, message = self._inbox.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                return []
            events = self._bury(worker) if message is None else self._hear(worker, Event(**message))
        return events

    def answer(self, number: int, *, go_on: bool) -> None:
        """Answer the epoch of a trial: train on, or stop there."""
        for worker in self._workers:
            if worker.number == number:
                worker.answer(go_on=go_on)

    def close(self) -> None:
        """End all workers at once."""
        for worker in self._alive:
            worker.end()

    def _spawn(self, threads: int | None) -> WorkerProcess:
        environment = worker_environment(threads, workers=self._num_workers)
        worker = WorkerProcess(self._objective, self._inbox, environment=environment, log=self._log)
        self._alive.add(worker)
        return worker

    def _hand_out_job(self) -> None:
        """Give the job to the one that makes what all share or, when that is made, to all that have not got it."""
        if self._job is None:
            return
        maker = self._maker or self._workers[0]
        team = [*self._workers, *([self._successor] if self._successor else [])]
        for worker in (worker for worker in (team if self._is_made else [maker]) if not worker.has_job):
            worker.prepare(self._job, sparingly=self._sparingly)

    def _hear(self, worker: WorkerProcess, event: Event) -> list[Event]:
        if event.kind == "prepared":
            worker.is_prepared = self._is_made = True
            self._hand_out_job()
            if worker is self._maker:
                self._maker = None
                worker.end()
                return []
        elif event.kind == "ended" and event.number is not None:
            worker.end_trial(event.content["memory"])
            return [event, *self._watch_memory(worker)]
        return [event]

    def _watch_memory(self, worker: WorkerProcess) -> list[Event]:
        """Replace a worker that has grown too large; let its successor import before that."""
        if worker.growth > OVERGROWN:
            self._replace(worker)
            worker.end()
            return [Event("replaced", None, {"reason": f"its memory has grown {worker.growth:.1f}-fold"})]
        if worker.growth > GROWN and self._successor is None:
            self._successor = self._spawn(self._threads)
            self._hand_out_job()
        return []

    def _replace(self, worker: WorkerProcess) -> None:
        self._workers[self._workers.index(worker)] = self._successor or self._spawn(self._threads)
        self._successor = None
        self._hand_out_job()

    def _bury(self, worker: WorkerProcess) -> list[Event]:
        """Replace a worker that has died."""
        worker.end()
        self._alive.discard(worker)
        if not worker.is_prepared and worker.was_out_of_memory:
            self._sparingly = True
        if worker is self._successor:
            self._successor = None
            return [Event("replaced", None, {"reason": f"a spare {worker.last_words}"})]
        if worker is self._maker:
            self._maker = self._spawn(None)
            self._hand_out_job()
        elif worker in self._workers:
            self._replace(worker)
        else:
            return []  # it had been replaced before
        return [Event("died", worker.number, {"reason": worker.last_words, "out_of_memory": worker.was_out_of_memory})]
