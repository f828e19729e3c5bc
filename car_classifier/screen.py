"""What `train` shows on the terminal: what was found and decided, a line per epoch, the result. All on stderr."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table



def create_console() -> Console:
    """Return the terminal on stderr; piped into a file it is plain text, 120 columns wide."""
    console = Console(stderr=True, highlight=False)
    return console if console.is_terminal else Console(stderr=True, highlight=False, width=120)


def show_table(console: Console, title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print rows of name, value and the option that changes it (may be empty)."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(ratio=3)
    table.add_column(style="dim", ratio=2)
    for name, value, option in rows:
        table.add_row(name, value, option)
    console.print(f"[bold]{title}[/bold]")
    console.print(table)


def describe_duration(seconds: float) -> str:
    """Return a duration as a person says it: "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class CountBar:
    """A bar that appears at the first call and is gone when everything is done.

    Args:
        console: where it is drawn; nothing is drawn where that is no terminal.
        title: what is counted.
    """

    def __init__(self, console: Console, title: str):
        self._console, self._title = console, title
        self._progress: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        """Show `done` of `total`."""
        if self._progress is None:
            columns = (TextColumn("{task.description}"), BarColumn(bar_width=30),
                       TextColumn("{task.completed}/{task.total}"), TimeRemainingColumn())
            self._progress = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
            self._progress.start()
            self._task = self._progress.add_task(self._title, total=total)
        self._progress.update(self._task, completed=done)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Remove the bar."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


@contextmanager
def progress_bar(console: Console, title: str) -> Iterator[CountBar]:
    """Yield a bar that is gone at the end of the block, whatever happens in it."""
    bar = CountBar(console, title)
    try:
        yield bar
    finally:
        bar.close()


class EpochLines(keras.callbacks.Callback):
    """One line per epoch, under it a bar while the epoch runs.

    Args:
        console: where to print.
    """

    def __init__(self, console: Console):
        super().__init__()
        self._console = console

    def on_train_begin(self, logs=None):
        """Say which phase starts and how long it will take at most."""
        phase, num_batches = self.params["phase"], self.params["num_batches"]
        seconds = self.params["seconds_per_batch"] * num_batches * (phase.epochs - self.params["epochs_done"])
        per_epoch = describe_duration(self.params["seconds_per_batch"] * num_batches)
        self._console.print(
            f"\n[bold]Phase {phase.name}[/bold]: at most {phase.epochs} epochs of about {per_epoch} without validation, "
            f"{describe_duration(seconds)} in all; rate {phase.learning_rate:g}, schedule {phase.schedule}"
        )
        self._done = self.params["epochs_done"]

    def on_epoch_begin(self, epoch, logs=None):
        """Start the bar."""
        phase = self.params["phase"]
        self._bar = CountBar(self._console, f"{phase.name} {self._done + 1}/{phase.epochs}")
        self._drawn = 0.0

    def on_train_batch_end(self, batch, logs=None):
        """Move the bar, ten times a second at most."""
        now = time.monotonic()
        if now - self._drawn > 0.1 or batch + 1 == self.params["num_batches"]:
            self._bar(batch + 1, self.params["num_batches"])
            self._drawn = now

    def on_epoch_end(self, epoch, logs=None):
        """Replace the bar by the epoch's line."""
        self._bar.close()
        self._done += 1
        phase = self.params["phase"]
        left = logs["seconds"] * (phase.epochs - self._done)
        self._console.print(
            f"{phase.name} {self._done:>3}/{phase.epochs}  {_figures(logs)}  rate {logs['learning_rate']:.0e}"
            f"  {logs['seconds']:5.1f} s  data wait {100 * logs['data_wait']:2.0f} %"
            + (f"  [dim]≤ {describe_duration(left)} left[/dim]" if left else ""),
            soft_wrap=True,
        )



def _figures(row: dict[str, Any]) -> str:
    text = f"loss {row['loss']:.3f} acc {100 * row['accuracy']:4.1f} %"
    if row.get("val_loss") is not None:
        text += f"  │ val {row['val_loss']:.3f} acc {100 * row['val_accuracy']:4.1f} %"
        if row.get("val_top_3_accuracy") is not None:
            text += f" top-3 {100 * row['val_top_3_accuracy']:4.1f} %"
    return text
