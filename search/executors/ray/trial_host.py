"""What runs trials on a node of the cluster."""

import os
import platform
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.base.files import sha256_of_file
from search.config import SearchConfig
from search.executor import Event, TrialTask
from search.executors.cores import THREAD_SETTINGS
from search.executors.local import LocalExecutor

News = tuple[list[Event], bool]


class TrialHost:
    """A local executor of one worker, wherever Ray has put it: so a trial runs as on one machine, in a process of its own.

    Every request but the first is answered with the news that follow: events, and whether a trial can be started now. The
    worker process ends with this one, however that ends: they are joined by a pipe.

    Args:
        objective: "module:attribute".
        config: of the search.
        folder: of the search, on a file system that all nodes share.
        place: where the coordinator stands; relative paths in the job start there, if the node has it.
        num_cpus: cores that it may use.
    """

    def __init__(self, objective: str, config: SearchConfig, *, folder: Path, place: Path, num_cpus: int):
        self._objective, self._folder, self._place, self._num_cpus = objective, folder, place, num_cpus
        self._config = config.model_copy(update={"workers": 1})

    def open(self) -> str:
        """Start the worker process; return the name of the node.

        Raises:
            UserError: the search's folder cannot be used here.
        """
        for name in THREAD_SETTINGS:
            os.environ.setdefault(name, str(self._num_cpus))
        if self._place.is_dir():
            os.chdir(self._place)
        try:
            self._executor = LocalExecutor(self._objective, self._config, folder=self._folder)
        except OSError as error:
            raise self._not_shared(str(error)) from error
        return platform.node()

    def prepare(self, job: dict[str, Any], digest: str) -> News:
        """Make what all trials share.

        Args:
            job: given to the objective.
            digest: SHA-256 of the coordinator's search.json.

        Raises:
            UserError: the search's folder is another one here.
        """
        path = self._folder / "search.json"
        if not path.is_file() or sha256_of_file(path) != digest:
            raise self._not_shared("search.json is another one, or missing")
        self._executor.prepare(job)
        return self.wait()

    def start(self, task: TrialTask) -> News:
        """Start a trial."""
        self._executor.start(task)
        return self.wait()

    def answer(self, number: int, go_on: bool) -> News:
        """Answer an epoch."""
        self._executor.answer(number, go_on=go_on)
        return self.wait()

    def wait(self) -> News:
        """Wait until something happens."""
        while not (events := self._executor.wait(3600.0)):
            pass
        return events, self._executor.num_free > 0

    def _not_shared(self, reason: str) -> UserError:
        return UserError(
            f"The Ray node {platform.node()} does not see the search's folder {self._folder}: {reason}.\n"
            "Put --runs-dir (and the pictures) on a file system that all nodes mount at the same path."
        )
