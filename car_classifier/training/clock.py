"""Clocks of one epoch, which an interruption does not set back."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


class EpochClock:
    """Measures wall-clock seconds, CPU seconds of all threads, and seconds of waiting for data.

    Args:
        earlier: what the same epoch took before an interruption; see `read`.
    """

    def __init__(self, earlier: dict[str, float]):
        self._earlier = earlier
        self._wall, self._cpu, self._wait = time.perf_counter(), time.process_time(), 0.0

    def waiting(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield `items`, counting the time it takes to get each."""
        iterator = iter(items)
        while True:
            before = time.perf_counter()
            try:
                item = next(iterator)
            except StopIteration:
                return
            finally:
                self._wait += time.perf_counter() - before
            yield item

    def read(self) -> dict[str, float]:
        """Return the three figures up to now, under the names seconds, cpu_seconds and wait."""
        return {
            "seconds": self._earlier["seconds"] + time.perf_counter() - self._wall,
            "cpu_seconds": self._earlier["cpu_seconds"] + time.process_time() - self._cpu,
            "wait": self._earlier["wait"] + self._wait,
        }
