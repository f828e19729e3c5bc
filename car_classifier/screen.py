"""The terminal of commands that work for a while, on stderr: what was found and decided, bars; and the run's log.txt."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from car_classifier.base.terminal_text import one_line
from car_classifier.safe_console import safe_console

LOG = logging.getLogger("car_classifier")


def create_console() -> Console:
    """Return the terminal on stderr; piped into a file it is plain text, 120 columns wide."""
    console = safe_console(stderr=True, highlight=False)
    return console if console.is_terminal else safe_console(stderr=True, highlight=False, width=120)


def show_table(console: Console, title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print rows of name, value and the option that changes it (may be empty)."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(ratio=3, overflow="fold")  # never cut off: a list of choices is one long word
    table.add_column(style="dim", ratio=2, overflow="fold")
    for row in rows:
        name, value, option = map(one_line, row)
        table.add_row(escape(name), escape(value), escape(option))
        LOG.info("%s: %s = %s", title, name, value)
    console.print(f"[bold]{escape(title)}[/bold]")
    console.print(table)


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Append what is said about the work to a file, with the time, as long as the block runs; warnings to stderr too."""
    warnings = logging.StreamHandler()
    warnings.setLevel(logging.WARNING)
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOG.addHandler(handler)
    LOG.addHandler(warnings)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        LOG.removeHandler(warnings)
        handler.close()


def describe_duration(seconds: float) -> str:
    """Return a duration as a person says it: "0.4 s", "40 s", "12 min", "3.5 h"."""
    if seconds < 9.95:
        return f"{max(seconds, 0.1):.1f} s"
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
