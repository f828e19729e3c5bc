"""Measures the coordinator: its memory over many trials, and two workers against one.

    python -m tests.search.measures --folder FOLDER
"""

import argparse
import time
from pathlib import Path

import psutil

from tests.search.recording_observer import RecordingObserver
from tests.search.searching import work


class MemoryObserver(RecordingObserver):
    """Keeps nothing but the resident megabytes of this process after each trial, in `held`."""

    def __init__(self):
        super().__init__()
        self.held = []

    def _tell(self, kind, what):
        if kind == "trial_finished":
            self.held.append(psutil.Process().memory_info().rss / 1e6)


def memory_per_trial(folder: Path, *, trials: int, engine: str) -> list[float]:
    """Return the resident megabytes of this process after each trial."""
    observer = MemoryObserver()
    work(folder, {"epochs": 6}, observer=observer, trials=trials, engine=engine, pruner="median")
    return observer.held


def seconds_from_first_to_last(folder: Path, *, workers: int, trials: int, steps: int) -> float:
    """Return the seconds from the time when all workers are ready; an epoch counts `steps` steps in Python."""
    times = []

    def note(kind, what):
        if kind == "prepared" or kind == "trial_finished":
            times.append((kind, time.perf_counter()))

    work(folder, {"epochs": 4, "steps": steps}, listener=note, trials=trials, workers=workers)
    return times[-1][1] - next(when for kind, when in times if kind == "prepared")


def main() -> None:
    """Print both measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--engine", default="optuna:tpe")
    parser.add_argument("--steps", type=int, default=2_000_000)
    asked = parser.parse_args()
    held = memory_per_trial(asked.folder / "memory", trials=asked.trials, engine=asked.engine)
    shown = {number: round(held[number - 1], 1) for number in (1, 10, 20, 50, 100, 150, 200) if number <= len(held)}
    print(f"{asked.engine}: resident megabytes of the coordinator after so many trials: {shown}")
    for repetition in range(2):
        one, two = (
            seconds_from_first_to_last(asked.folder / f"{workers}-{repetition}", workers=workers, trials=12, steps=asked.steps)
            for workers in (1, 2)
        )
        load = psutil.getloadavg()[0]
        print(f"one worker {one:.1f} s, two workers {two:.1f} s: {one / two:.2f} times as fast (load {load:.1f})")


if __name__ == "__main__":
    main()
