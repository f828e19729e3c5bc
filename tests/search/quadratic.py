"""A cheap objective with epochs, and what the tests of a search share about it."""

import os
import random
import signal
import time
from pathlib import Path

from car_classifier.base.errors import DivergedError, UserError
from car_classifier.base.files import read_json, write_json
from car_classifier.base.locks import lock_folder
from search.objective import Objective
from search.problem import Problem
from search.space import Space

DEFAULT = {"x": 0.9, "training.batch_size": 8}
SPACE = Space.model_validate({"dimensions": {
    "x": {"kind": "float", "low": 0.0, "high": 1.0},
    "training.batch_size": {"kind": "categorical", "choices": [8, 16]},
}})


def quadratic_problem(**job):
    """Return the problem of finding x = 0.3; `job` may hold `epochs` and what makes trials fail."""
    shared = {"epochs": 5, **job}
    return Problem(SPACE, DEFAULT, "tests.search.quadratic:Quadratic", shared, batch_size=8, epochs=shared["epochs"])


def row_of(values, epoch):
    """Return the figures of an epoch: a function of the values and the epoch alone."""
    noise = random.Random(f"{values['x']} {epoch}").random() * 0.01
    return {"epoch": epoch, "val_loss": (values["x"] - 0.3) ** 2 + 1 / epoch + noise, "phase": "train"}


class Quadratic(Objective):
    """Falls towards (x - 0.3)² in `epochs` epochs, and keeps its rows in the folder of the trial.

    `job` may hold `seconds` and `steps` (of an epoch: asleep, at work), `fits` (the largest batch that fits into memory),
    `diverges_above`, `fails_above`, `mistaken_above` and `dies_above` (values of x that go wrong in the third epoch), `grows`
    (bytes that each trial keeps).
    """

    def prepare(self, *, sparingly):
        """Prepare nothing."""
        self.kept = []
        print("words of the objective", flush=True)
        if "prepare_fails" in self.job:
            raise UserError(self.job["prepare_fails"])
        return {"process": os.getpid(), "sparingly": sparingly}

    def run(self, task, report):
        """Go on from the rows in the folder."""
        lock = lock_folder(task.folder)
        try:
            self._train(task, report)
        finally:
            lock.release()

    def _train(self, task, report):
        self.kept.append(bytearray(self.job.get("grows", 0)))
        if task.values["training.batch_size"] / task.micro_batch_divisor > self.job.get("fits", 99):
            raise MemoryError("too large")
        path = task.folder / "rows.json"
        rows = read_json(path) if path.exists() else []
        for row in rows:
            if not report(row):
                return
        for epoch in range(len(rows) + 1, (task.epochs or self.job["epochs"]) + 1):
            self._suffer(task, epoch)
            time.sleep(self.job.get("seconds", 0))
            sum(range(self.job.get("steps", 0)))
            rows.append(row_of(task.values, epoch))
            write_json(path, rows)
            if not report(rows[-1]):
                return

    def _suffer(self, task, epoch):
        """Go wrong where the job says so."""
        x = task.values["x"]
        if epoch != 3:
            return
        if x > self.job.get("diverges_above", 9):
            raise DivergedError("the loss is nan")
        if x > self.job.get("fails_above", 9) and not Path(self.job.get("mended", "/nowhere")).exists():
            raise ValueError("no such thing")
        if x > self.job.get("mistaken_above", 9):
            raise UserError("that cannot be")
        if x > self.job.get("dies_above", 9) and not (task.folder / "has_died").exists():
            (task.folder / "has_died").write_text("")
            os.kill(os.getpid(), signal.SIGKILL)
