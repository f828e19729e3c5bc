"""A wish to stop, asked for between two updates."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from car_classifier.base.errors import InterruptedRun


class StopRequest:
    """Remembers that somebody wants the training to end at the next safe point.

    `signal_number` is None until then; 2 for Ctrl-C, 15 when the system asks.
    """

    def __init__(self):
        self.signal_number: int | None = None

    def ask(self, signal_number: int) -> None:
        """Ask for the end; asked a second time, do not wait any longer."""
        if self.signal_number is not None:
            raise KeyboardInterrupt
        self.signal_number = signal_number
        # Written straight away: a signal handler must not wait for a lock of the terminal's buffers.
        os.write(2, b"\nStopping at the next safe point; once more to stop at once.\n")

    def check(self) -> None:
        """Raise InterruptedRun when somebody has asked for the end."""
        if self.signal_number is not None:
            raise InterruptedRun("Stopped.", self.signal_number)

    def checked(self, told: Callable[[int, int], None]) -> Callable[[int, int], None]:
        """Return `told` (done, total) with a check of this request behind it, for work that is cheap to repeat."""

        def tell(done: int, total: int) -> None:
            told(done, total)
            self.check()

        return tell

    @contextmanager
    def on_signals(self) -> Iterator["StopRequest"]:
        """Turn Ctrl-C and SIGTERM into this request as long as the block runs."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, lambda received, _: self.ask(received)) for number in numbers}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
