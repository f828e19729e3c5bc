"""Kills the coordinator and the workers of searches at random instants, and looks at what is left.

    python -m tests.search.kill_harness --kills 100 --seed 0 --folder FOLDER
"""

import argparse
import json
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

from search.store import SearchStore
from tests.search.searching import results, work

LONGEST = 3.0  # seconds between two kills


class KillHarness:
    """Runs searches, killing, until `kills` are done; every broken promise raises AssertionError.

    Args:
        folder: for the searches.
        seed: of the instants and victims.
        settings: of the searches.
    """

    def __init__(self, folder: Path, *, seed: int, **settings: Any):
        self.killed: Counter[str] = Counter()
        self.trials = self.deaths = 0
        self._folder, self._random, self._settings = folder, random.Random(seed), settings
        self._known: dict[str, bytes] = {}  # finished records

    def run(self, kills: int) -> None:
        """Search and kill until `kills` processes are dead."""
        count = 0
        while self.killed.total() < kills:
            self._search(self._folder / f"search-{count}", kills, {**self._settings, "seed": count})
            count += 1

    def _search(self, folder: Path, kills: int, settings: dict[str, Any]) -> None:
        expected = work(folder / "whole", {**settings.pop("job"), "seconds": 0}, **settings)[1]
        cut, self._known = folder / "cut", {}
        request = json.dumps({**settings, "folder": str(cut), "job": self._settings["job"]})
        while not self._session(cut, request, kills):
            self._check_records(cut)
        self._check_records(cut)
        trials = SearchStore(cut).trials()
        assert results(trials) == results(expected), "another table than that of the uninterrupted search"
        assert not list(cut.rglob("*.damaged-*")), "a record was damaged"
        self.trials += len(trials)
        self.deaths += sum(trial.deaths for trial in trials)

    def _session(self, folder: Path, request: str, kills: int) -> bool:
        """Run the coordinator once, killing it or its workers; return whether it came to its end."""
        process = subprocess.Popen([sys.executable, "-m", "tests.search.coordinator", request], stdout=subprocess.DEVNULL)
        while True:
            try:
                done = process.wait(self._random.uniform(0, LONGEST)) if self.killed.total() < kills else process.wait()
                assert done == 0, f"the coordinator ended with status {done}"
                return True
            except subprocess.TimeoutExpired:
                self._check_records(folder)
            workers = psutil.Process(process.pid).children()
            if workers and self._random.random() < 0.5:
                self._random.choice(workers).kill()
                self.killed["worker"] += 1
            else:
                process.kill()
                self.killed["coordinator"] += 1
                assert process.wait() == -signal.SIGKILL
                return False

    def _check_records(self, folder: Path) -> None:
        """See that every record that was once there is still there, and was not written again."""
        now = {path.name: path.read_bytes() for path in (folder / "trials").glob("[0-9]*.pkl")}
        lost = [name for name in self._known if name not in now]
        assert not lost, f"lost: {lost}"
        again = [name for name in self._known if self._known[name] != now[name]]
        assert not again, f"recorded twice: {again}"
        self._known = now


def main() -> None:
    """Kill as the command line says, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--engine", default="random")
    parser.add_argument("--pruner", default="median", help="none with several workers: else the table depends on their race")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    settings = {"engine": asked.engine, "trials": asked.trials, "pruner": asked.pruner, "workers": asked.workers}
    harness = KillHarness(asked.folder, seed=asked.seed, **settings, job={"epochs": 6, "seconds": 0.02})
    harness.run(asked.kills)
    print(f"killed: {dict(harness.killed)}; trials finished: {harness.trials}; deaths recorded: {harness.deaths}; lost: 0; "
          "recorded twice: 0; tables equal to those of the uninterrupted searches: all")


if __name__ == "__main__":
    main()
