"""The trainings of a comparison, one after the other, each in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from car_classifier.base.errors import RunInUseError
from car_classifier.comparison_plan import MemberPlan
from car_classifier.training.stop import StopRequest

PATIENCE = 1.0  # seconds between two looks at a process, or at a run that another process works on
NAMED_LINES = 3  # of what a failed training said last


class MemberTraining:
    """Trains the members that are not there yet.

    A training needs memory and may crash; in a process of its own it gives the one back and costs nothing but itself.

    Args:
        log: file to which goes what the trainings print.
        stop: asked all the time; a training that runs stops at its next safe point, and nothing is lost.
        waiting: called while a training runs or is waited for.
    """

    def __init__(self, log: Path, stop: StopRequest, waiting: Callable[[MemberPlan, str], None]):
        self._log, self._stop, self._waiting = log, stop, waiting
        self.peak_memory = 0  # bytes, of the last process

    def train(self, member: MemberPlan) -> tuple[int, str] | None:
        """Train `member` until it is done; return None, or the exit status with which it failed and why.

        Raises:
            InterruptedRun: somebody asked for the end.
        """
        self.peak_memory = 0
        while True:
            self._stop.check()
            status, words = self._run(member)
            if self._stop.signal_number is not None and status != 0:
                self._stop.check()
            if status == 0:
                return None
            if status != RunInUseError.exit_status:
                return status, words or f"its process ended with status {status}"
            self._waiting(member, "another process works on it; waiting")
            time.sleep(PATIENCE)

    def _run(self, member: MemberPlan) -> tuple[int, str]:
        """Run one process; return its exit status and its last words."""
        with open(self._log, "ab") as log:
            start = log.tell()
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "car_classifier.comparison_member", *member.argv],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log, env=_environment(),
                process_group=0,  # Ctrl-C is for the comparison, which hands it on
            )
        try:
            self._wait(process, member)
        finally:
            process.stdin.close()  # it stops at its next safe point
            status = process.wait()
        with open(self._log, "rb") as log:
            log.seek(start)
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
        return status, " ".join(line.strip() for line in lines[-NAMED_LINES:])

    def _wait(self, process: subprocess.Popen, member: MemberPlan) -> None:
        while self._stop.signal_number is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=PATIENCE)
                return
            with suppress(psutil.NoSuchProcess):
                self.peak_memory = max(self.peak_memory, psutil.Process(process.pid).memory_info().rss)
            self._waiting(member, "")


def _environment() -> dict[str, str]:
    """That of this process, with which the other finds the modules that this one finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

