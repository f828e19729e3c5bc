"""The process in which trials run: `python -m search.worker MODULE:ATTRIBUTE`, started by the local executor.

It reads one JSON message per line from its standard input and writes one per line to its standard output:

    in      {"job": …, "sparingly": false}    make the objective and prepare it
            {"task": …}           run a trial
            {"go_on": true}       answer to an epoch
    out     {"kind": …, "number": …, "content": …}      an Event
"""

import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, BinaryIO

from search.executor import TrialTask
from search.objective import Objective
from search.outcome import outcome_of, run_trial


class Worker:
    """Runs trials one after the other, as the coordinator asks.

    Args:
        inbox: messages of the coordinator, in order.
        outlet: where messages to it are written.
    """

    def __init__(self, inbox: "queue.SimpleQueue[dict[str, Any]]", outlet: BinaryIO):
        self._inbox = inbox
        self._outlet = outlet

    def serve(self, objective_name: str) -> None:
        """Import the objective, prepare it, and run trials for ever; return where the objective cannot be prepared."""
        made: list[Objective] = []

        def prepare() -> None:
            objective_class = resolve_name(objective_name)  # imports while the coordinator reads its data
            message = self._inbox.get()
            made.append(objective_class(message["job"]))
            self._send("prepared", None, made[0].prepare(sparingly=message["sparingly"]))

        outcome = outcome_of(prepare)
        if outcome["state"] != "completed":
            self._send("ended", None, outcome)
            return
        while True:
            self._run(made[0], self._inbox.get()["task"])

    def _run(self, objective: Objective, message: dict[str, Any]) -> None:
        task = TrialTask(**{**message, "folder": Path(message["folder"])})

        def report(row: dict[str, Any]) -> bool:
            self._send("epoch", task.number, row)
            return self._inbox.get()["go_on"]

        self._send("ended", task.number, run_trial(objective, task, report))

    def _send(self, kind: str, number: int | None, content: dict[str, Any]) -> None:
        self._outlet.write(json.dumps({"kind": kind, "number": number, "content": content}).encode() + b"\n")
        self._outlet.flush()


def _read(source: BinaryIO, inbox: "queue.SimpleQueue[dict[str, Any]]") -> None:
    """Hand on what the coordinator says; when it is gone, be gone at once."""
    for line in source:
        inbox.put(json.loads(line))
    os._exit(1)


def main() -> None:
    """Serve the coordinator at the other end of standard input and output."""
    for number in (signal.SIGINT, signal.SIGTERM):  # sent to all processes of a job: the coordinator decides what they mean
        signal.signal(number, lambda *_: None)
    source, outlet = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # what libraries print goes to the log, never between the messages
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(source, inbox), daemon=True).start()
    Worker(inbox, outlet).serve(sys.argv[1])


if __name__ == "__main__":
    main()
