"""The terminal of commands whose result is a table: on stdout, while progress goes to stderr."""

import os
from collections.abc import Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from car_classifier.safe_console import safe_console

PIPED_WIDTH = 120  # columns of a file or a pipe, which has no width of its own


def create_result_console() -> Console:
    """Return the terminal on stdout; piped it is plain text, 120 columns wide unless COLUMNS says otherwise."""
    console = safe_console(highlight=False)
    if console.is_terminal or os.environ.get("COLUMNS", "").isdigit():
        return console
    return safe_console(highlight=False, width=PIPED_WIDTH)


def create_table(columns: Sequence[str], *, numbers: Sequence[str] = (), folded: Sequence[str] = ()) -> Table:
    """Return an empty table without lines.

    Args:
        columns: titles, from left to right.
        numbers: the titles of those columns that stand flush right.
        folded: the titles of those that go on in the next line where the terminal is narrow; others keep one line.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in columns:
        table.add_column(
            title, justify="right" if title in numbers else "left", no_wrap=title not in folded, overflow="fold"
        )
    return table


def print_whole(console: Console, table: Table) -> None:
    """Print a table that loses nothing where the terminal is too narrow: its lines go on in the next.

    Cut off, a number would look like a smaller one, and a run's name could not be copied.
    """
    console.width = max(console.width, Measurement.get(console, console.options.update(width=1000), table).maximum)
    console.print(table)
