"""How long a search has been at work."""

import time
from collections.abc import Callable
from pathlib import Path

from car_classifier.base.files import read_json, write_json


class SearchClock:
    """Counts the wall-clock seconds of a search over all its sessions.

    Args:
        folder: of the search; the file `clock.json` in it holds the seconds of earlier sessions. What passed since the last
            `save` is lost when the process is killed.
        now: clock in seconds.
    """

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.monotonic):
        self._path = folder / "clock.json"
        self._now = now
        self._started = now()
        self._earlier = read_json(self._path)["seconds"] if self._path.exists() else 0.0

    @property
    def seconds(self) -> float:
        """Of this session and all earlier ones."""
        return self._earlier + self._now() - self._started

    def save(self) -> None:
        """Write the seconds down."""
        write_json(self._path, {"format": 1, "seconds": round(self.seconds, 3)})
