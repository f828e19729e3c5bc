"""One worker process, seen from the coordinator."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from search.executor import TrialTask
from search.executors.oom_kills import count_oom_kills


class WorkerProcess:
    """A Python process that runs trials, and what is known of it.

    It is started as a program of its own: `multiprocessing` would import the user's main script once more. A thread reads
    what it says, and sees its end, whatever it was.

    Args:
        objective: "module:attribute".
        inbox: where (worker, message) goes; the message is None when the process has ended.
        environment: of the process.
        log: file to which goes what libraries print in it.
    """

    def __init__(
        self,
        objective: str,
        inbox: "SimpleQueue[tuple[WorkerProcess, dict[str, Any] | None]]",
        *,
        environment: Mapping[str, str],
        log: Path,
    ):
        self.has_job = self.is_prepared = False
        self.number: int | None = None  # of the trial that it runs
        self._inbox = inbox
        self._first_memory = self._memory = 0  # bytes after its first and its last trial
        self._oom_kills = count_oom_kills()
        with open(log, "ab") as file:
            self._process = subprocess.Popen(
                # -P: modules come from where they come from here, and from nowhere else; faulthandler: a crash in native
                # code says where it was.
                [sys.executable, "-P", "-X", "faulthandler", "-m", "search.worker", objective],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                env=dict(environment),
                process_group=0,  # Ctrl-C is for the coordinator
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def is_free(self) -> bool:
        """Whether it can run a trial now."""
        return self.is_prepared and self.number is None

    @property
    def growth(self) -> float:
        """Its memory after the last trial as a multiple of that after the first."""
        return self._memory / self._first_memory if self._first_memory else 1.0

    @property
    def was_out_of_memory(self) -> bool:
        """Whether the kernel has killed it for want of memory."""
        return self._process.returncode == -signal.SIGKILL and count_oom_kills() > self._oom_kills

    @property
    def last_words(self) -> str:
        """How the process ended."""
        status = self._process.returncode
        if status is not None and status < 0:
            by_kernel = " by the kernel, out of memory" if self.was_out_of_memory else ""
            return f"worker killed by {signal.Signals(-status).name}{by_kernel}"
        return f"worker ended with status {status}"

    def prepare(self, job: dict[str, Any], *, sparingly: bool) -> None:
        """Hand it what all trials share; see `Objective.prepare`."""
        self.has_job = True
        self._send({"job": job, "sparingly": sparingly})

    def start(self, task: TrialTask) -> None:
        """Let it run a trial."""
        self.number, self._oom_kills = task.number, count_oom_kills()
        self._send({"task": {**vars(task), "folder": str(task.folder)}})

    def answer(self, *, go_on: bool) -> None:
        """Answer an epoch."""
        self._send({"go_on": go_on})

    def end_trial(self, memory: int) -> None:
        """Take note that its trial has ended, and of the bytes of memory that it holds."""
        self.number, self._memory = None, memory
        self._first_memory = self._first_memory or memory

    def end(self) -> None:
        """End it at once, if it has not ended, and let go of all that belongs to it."""
        self._process.kill()
        self._reader.join()
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _send(self, message: dict[str, Any]) -> None:
        with suppress(BrokenPipeError):  # it is dead, as its reader tells in a moment
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        with self._process.stdout as source:
            for line in source:
                if line.endswith(b"\n"):  # the last words of one that was killed may be cut
                    self._inbox.put((self, json.loads(line)))
        self._process.wait()
        self._inbox.put((self, None))
