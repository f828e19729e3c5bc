"""Trials in this very process, one event at a time, in an order that never changes."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from search.executor import Event, Executor, TrialTask

Script = Callable[[TrialTask], Iterator[dict[str, Any]]]


class WorkerDeath(Exception):
    """Raised by a script: its worker dies."""

    def __init__(self, *, out_of_memory: bool = False):
        super().__init__("worker killed by SIGKILL")
        self.out_of_memory = out_of_memory


class FakeExecutor(Executor):
    """Plays trials.

    Args:
        script: generator of a trial: yields the rows of its epochs, is sent whether to go on, and returns its outcome's state;
            an `Event` that it yields is one of another worker.
        workers: at once.
    """

    def __init__(self, script: Script, *, workers: int = 1):
        self.tasks: list[TrialTask] = []
        self._script, self._num_workers = script, workers
        self._playing: dict[int, Iterator[dict[str, Any]]] = {}
        self._events: deque[Event] = deque([Event("prepared", None, {})])

    def prepare(self, job):
        """Nothing to prepare."""

    @property
    def num_free(self):
        return self._num_workers - len(self._playing)

    def start(self, task):
        self.tasks.append(task)
        self._playing[task.number] = self._script(task)
        self._play(task.number, None)

    def wait(self, seconds):
        if not self._events:
            return []
        event = self._events.popleft()
        if event.kind in ("ended", "died"):
            self._playing.pop(event.number, None)
        return [event]

    def answer(self, number, *, go_on):
        self._play(number, go_on)

    def close(self):
        """Nothing to close."""

    def _play(self, number, answer):
        try:
            told = self._playing[number].send(answer)
            while isinstance(told, Event):
                self._events.append(told)
                told = next(self._playing[number])
            self._events.append(Event("epoch", number, told))
        except StopIteration as end:
            self._events.append(Event("ended", number, {"reason": "", **end.value}))
        except WorkerDeath as death:
            self._events.append(Event("died", number, {"reason": str(death), "out_of_memory": death.out_of_memory}))
