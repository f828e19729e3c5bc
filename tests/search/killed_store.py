"""Kill a process that writes a store, in front of each of its steps on the disk in turn.

Called as `python -m tests.search.killed_store FOLDER`; writes FOLDER/000, FOLDER/001, … , one search for each step.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from search.store import SearchStore
from search.trial import Suggestion, Trial

STEPS = ("open", "os.", "shutil.", "tempfile.")


def work(store: SearchStore) -> None:
    """Everything that a store can be asked: trials begin, change, finish, are kept, and run again after a bug."""
    for number in range(3):
        trial = Trial(number, Suggestion({"x": number}))
        store.begin(trial)
        store.state_folder(number).mkdir(exist_ok=True)
        (store.state_folder(number) / "weights").write_bytes(b"trained")
        store.begin(replace(trial, deaths=1))
        store.finish(replace(trial, state="failed", deaths=1), keep_state=number == 1)
    store.forget_state(1)
    store.begin(Trial(2, Suggestion({"x": 2}), deaths=2))
    store.finish(Trial(2, Suggestion({"x": 2}), "completed", 0.5, 0.5, best_epoch=1, deaths=2))


def work_until(step: int, folder: Path) -> None:
    """Do the work and die by signal 9 in front of the step."""
    left = [step]

    def count(event: str, arguments: tuple) -> None:
        if event.startswith(STEPS):
            left[0] -= 1
            if left[0] == -1:  # once: the kill is itself such an event
                os.kill(os.getpid(), signal.SIGKILL)

    store = SearchStore(folder)
    os.fsync = lambda descriptor: None  # a killed process, unlike a killed machine, loses nothing that it has written
    sys.addaudithook(count)
    work(store)
    os._exit(0)


def main(folder: Path) -> None:
    """Kill one process after the other, until one has come to its end."""
    step, status = 0, -1
    while status != 0:
        child = os.fork()
        if child == 0:
            work_until(step, folder / f"{step:03d}")
        status = os.waitpid(child, 0)[1]
        step += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
