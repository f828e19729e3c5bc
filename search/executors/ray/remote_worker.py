"""One worker on a Ray cluster, seen from the coordinator."""

from typing import Any

from search.executor import Event, TrialTask
from search.executors.ray.share import Share


class RemoteWorker:
    """A `TrialHost` on some node, and what is known of it.

    Args:
        host: handle of the Ray actor.
        share: what it asks of its node.
    """

    def __init__(self, host: Any, share: Share):
        self.host, self.share = host, share
        self.node: str | None = None  # None: no node has had room for it yet
        self.has_job = self.is_free = False
        self.number: int | None = None  # of the trial that it runs
        self.news = host.open.remote()  # what it will answer; None while it waits for us

    def prepare(self, job: dict[str, Any], digest: str) -> None:
        """Hand it what all trials share."""
        self.has_job = True
        self.news = self.host.prepare.remote(job, digest)

    def start(self, task: TrialTask) -> None:
        """Let it run a trial."""
        self.number, self.is_free = task.number, False
        self.news = self.host.start.remote(task)

    def answer(self, *, go_on: bool) -> None:
        """Answer an epoch."""
        self.news = self.host.answer.remote(self.number, go_on)

    def take_note(self, events: list[Event], *, is_free: bool) -> None:
        """Take note of what it has told; ask for more unless it waits for a trial or an answer."""
        kinds = {event.kind for event in events}
        self.is_free = is_free
        if kinds & {"ended", "died"}:
            self.number = None
        waits_for_us = is_free or "epoch" in kinds
        self.news = None if waits_for_us else self.host.wait.remote()
