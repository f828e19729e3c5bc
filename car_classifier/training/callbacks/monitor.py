"""The best value of one figure so far."""

import math
from typing import Any


class Monitor:
    """Remembers the best value of one figure and for how many epochs it has not improved.

    Args:
        name: key of the epoch's figures; figures whose name ends in "loss" are best when small, all others when large.
        min_delta: smallest change that counts as an improvement, at least 0.
    """

    def __init__(self, name: str, min_delta: float = 0.0):
        self.name = name
        self.best: float | None = None
        self.wait = 0
        self._sign = -1.0 if name.endswith("loss") else 1.0
        self._min_delta = min_delta

    def improved(self, logs: dict[str, Any]) -> bool:
        """Take note of an epoch's figures; return whether the watched one is the best so far."""
        value = logs.get(self.name)
        if value is None or not math.isfinite(value):
            self.wait += 1
            return False
        if self.best is None or self._sign * (value - self.best) > self._min_delta:
            self.best, self.wait = value, 0
            return True
        self.wait += 1
        return False

    def state(self) -> dict[str, Any]:
        """Return what an interruption must not lose, as JSON."""
        return {"best": self.best, "wait": self.wait}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over an earlier `state()`."""
        self.best, self.wait = state["best"], state["wait"]

    def reset(self) -> None:
        """Forget everything, at the start of a phase."""
        self.best, self.wait = None, 0
