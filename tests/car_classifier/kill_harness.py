"""Kills a command again and again at random instants, and looks whether it ends like one that was left alone.

    python -m tests.car_classifier.kill_harness --kills 20 --seed 0 --folder FOLDER train --data demo --limit 20 --epochs 10
"""

import argparse
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from car_classifier.base.files import read_json
from results.tables import read_history
from search.store import SearchStore
from tests.search.searching import results

TIMES = ("seconds", "cpu_seconds", "data_wait")


def end_of(folder: Path) -> Any:
    """Return everything of a finished training or search that no interruption may change."""
    if (folder / "search.json").is_file():
        trials = results(SearchStore(folder).trials())
        return [replace(trial, figures=_timeless(trial.figures)) for trial in trials], read_json(folder / "best.json")["values"]
    rows = [_timeless(row) for row in read_history(folder / "history.csv")]
    return rows, read_json(folder / "evaluation.json"), (folder / "predictions.csv").read_text()


def _timeless(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: figure for name, figure in figures.items() if name not in TIMES}


class CommandKiller:
    """Runs a command of the program under several names; every difference raises AssertionError.

    Args:
        command: with its options, without `--run` and `--runs-dir`.
        folder: for the runs.
        seed: of the instants and victims.
    """

    def __init__(self, command: list[str], folder: Path, *, seed: int):
        self.killed: list[str] = []  # "12.3 s command", "4.5 s worker"
        self.runs = 0
        self._longest = 0.0  # seconds until a kill: the last run took so long, over all its sessions
        self._command, self._folder, self._random = command, folder, random.Random(seed)

    def run(self, kills: int) -> None:
        """Run the command once in peace, then kill it until so many processes are dead and every run has ended."""
        self._finish("whole", kills=0)
        while len(self.killed) < kills:
            name = f"cut-{self.runs}"
            self._finish(name, kills=kills)
            assert end_of(self._folder / name) == end_of(self._folder / "whole"), f"{name} ended otherwise"
            self.runs += 1

    def _finish(self, name: str, *, kills: int) -> None:
        started = time.monotonic()
        while not self._session(name, kills=kills):
            pass
        self._longest = time.monotonic() - started

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True)
        place = ["--run", name, "--runs-dir", str(self._folder)]
        with open(self._folder / f"{name}.log", "ab") as log:
            return subprocess.Popen([sys.executable, "-m", "car_classifier", *self._command, *place], stdout=log, stderr=log)

    def _session(self, name: str, *, kills: int) -> bool:
        """Start the command and kill it, or one of its workers; return whether it came to its end."""
        process = self._start(name)
        while True:
            seconds = self._random.uniform(0, self._longest)
            try:
                assert process.wait(seconds if len(self.killed) < kills else None) == 0, f"the command failed, see {name}.log"
                return True
            except subprocess.TimeoutExpired:
                workers = psutil.Process(process.pid).children() if self._command[0] == "search" else []
            if workers and self._random.random() < 0.5:
                self._random.choice(workers).kill()
                self.killed.append(f"{seconds:.1f} s worker")
            else:
                process.kill()
                process.wait()
                self.killed.append(f"{seconds:.1f} s command")
                return False


def main() -> None:
    """Kill as the command line says, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="train or search, with options")
    asked = parser.parse_args()
    killer = CommandKiller(asked.command, asked.folder, seed=asked.seed)
    killer.run(asked.kills)
    print(f"killed {len(killer.killed)} times: {', '.join(killer.killed)}")
    print(f"{killer.runs} runs, all equal to the uninterrupted one")


if __name__ == "__main__":
    main()
