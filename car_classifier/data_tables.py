"""What `data inspect` shows on the terminal."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.text import Text

from car_classifier.base.counts import describe_count
from car_classifier.base.terminal_text import one_line
from car_classifier.found_data import EVENING
from car_classifier.result_screen import create_result_console, create_table
from car_classifier.screen import describe_duration
from data.dataset import is_uneven
from data.picture_facts import PictureFacts
from results.data_record import DataFiles, DataRecord

EXTREMES = 3  # most and least frequent classes that are named
MOST_LISTED = 100  # faults of one kind; the page has more, inspection.json has all
MOST_DUPLICATES = 10


def show_files(folder: Path, rows: Sequence[tuple[Path, PictureFacts | None, str | None]]) -> None:
    """Print a line per file: its place, whether it can be used, its size or the reason."""
    console = create_result_console()
    table = create_table(["file", "verdict", "size, or reason"], folded=["file", "size, or reason"])
    for path, facts, reason in rows:
        size = f"{facts.width}×{facts.height}" if facts else ""
        table.add_row(Text(one_line(path)), Text("usable" if facts else "left out", style="" if facts else "yellow"),
                      Text(size or reason or ""))
    console.print(table)
    bad = sum(facts is None for _, facts, _ in rows)
    console.print(f"\n{describe_count(len(rows), 'file')} in {folder}: {len(rows) - bad} usable, {bad} left out.", markup=False)


def show_data(record: DataRecord, files: DataFiles) -> None:
    """Print counts, sizes, boxes, faults and duplicates; the last line says where the page lies."""
    console = create_result_console()
    files_seen = f"{describe_count(record.num_files, 'file')}, {describe_duration(record.seconds)}"
    console.print(Text(f"{record.name}: {files_seen}", style="bold"))
    _show_splits(console, record)
    _show_facts(console, record)
    console.print(Text(f"Pictures in {record.root}"), soft_wrap=True)
    _show_faults(console, record)
    _show_duplicates(console, record)
    for note in record.notes:
        console.print(Text(f"Note: {note}"))
    console.print(f"\nContact sheet: {files.sheet}\nEverything, with plots: {files.page}", markup=False, soft_wrap=True)


def _show_splits(console: Console, record: DataRecord) -> None:
    names = ["split", "pictures", "classes", "fewest of a class", "median", "most"]
    table = create_table(names, numbers=names[1:])
    for split, counts in record.counts.items():
        cells = (f"{counts.sum():,}", np.count_nonzero(counts), counts.min(), f"{np.median(counts):g}", counts.max())
        table.add_row(split, *map(str, cells))
    console.print(table)


def _show_facts(console: Console, record: DataRecord) -> None:
    table = create_table(["name", "value"], folded=["value"])
    table.show_header = False
    counts = record.counts["train"]
    order = np.argsort(-counts, kind="stable")
    if counts.min() == counts.max():
        table.add_row("balance", f"{counts[0]} training pictures in every class")
    else:
        named = min(EXTREMES, len(order) // 2)  # none is both
        for title, chosen in (("most frequent", order[:named]), ("rarest", order[::-1][:named])):
            text = ", ".join(f"{record.class_names[index]} ({counts[index]})" for index in chosen)
            table.add_row(title, Text(one_line(text)))
    if is_uneven(counts):
        table.add_row("uneven", Text(f"Rare classes will be guessed too seldom: try {EVENING} in training."))
    table.add_row("sizes", Text(record.size_in_words()))
    if len(record.boxes):
        shares = np.prod(record.boxes[:, 2:] - record.boxes[:, :2], axis=1)
        low, middle, high = np.percentile(shares, (0, 50, 100))
        table.add_row("boxes", f"{100 * low:.0f} % to {100 * high:.0f} % of the picture's area, median {100 * middle:.0f} %")
    console.print(table)


def _show_faults(console: Console, record: DataRecord) -> None:
    if not record.faults:
        console.print("\nNo faults: every file was decoded.", style="green")
    for kind, rows in record.faults_by_kind.items():
        console.print(Text(f"\n{kind.replace('_', ' ')}: {len(rows)} ({rows[0].meaning})", style="bold yellow"))
        for row in rows[:MOST_LISTED]:
            console.print(Text(one_line(f"  {record.short(row.where)}: {record.short(row.message)}")), soft_wrap=True)
        if len(rows) > MOST_LISTED:
            console.print(f"  … and {len(rows) - MOST_LISTED} more")


def _show_duplicates(console: Console, record: DataRecord) -> None:
    if not record.duplicates:
        console.print("No photograph was found twice.")
        return
    counts = [
        f"{sum(row.kind == kind for row in record.duplicates)} {words}"
        for kind, words in (("same", "as equal files"), ("nearly_same", "nearly the same"))
    ]
    contradicting = sum(len(set(row.classes)) > 1 for row in record.duplicates)
    photographs = describe_count(len(record.duplicates), "photograph")
    console.print(f"\n{photographs} more than once ({', '.join(counts)}); "
                  f"{len(record.shared_by_splits)} in two splits, {contradicting} under two labels.")
    plain = [row for row in record.duplicates if len(set(row.splits)) == 1 and len(set(row.classes)) == 1]
    for row in plain[:MOST_DUPLICATES]:
        files = " = ".join(map(record.short, row.files[:3]))
        console.print(Text(f"  {one_line(files)}{' …' if len(row.files) > 3 else ''}"), soft_wrap=True)
    if len(plain) > MOST_DUPLICATES:
        console.print(f"  … and {len(plain) - MOST_DUPLICATES} more within one split and class, on the page")
