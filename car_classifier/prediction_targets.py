"""The pictures that `predict` is asked about: files, folders, and CSV files that list files."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError
from data.picture_kind import looks_like_picture, why_not_read
from data.readers.contained_folder import is_named_like_picture

BOX_COLUMNS = ("x_min", "y_min", "x_max", "y_max")


@dataclass(frozen=True, eq=False)
class Target:
    """A picture to classify.

    Args:
        path: the file.
        box: float32 [4], in pixels of the upright picture; None takes the whole picture.
        fault: why it cannot be used, where that is known before it is read.
    """

    path: Path
    box: np.ndarray | None = None
    fault: str | None = None


def find_targets(places: Iterable[Path], passed_over: Callable[[Path], None] = lambda path: None) -> Iterator[Target]:
    """Yield what is asked for, in order: files as they are, folders searched to the bottom, CSV files line by line.

    In folders, hidden files are passed over, and those that are pictures neither by their ending nor by their first bytes. A
    place that does not exist is yielded too: whoever reads it finds out.

    Args:
        places: what is asked for.
        passed_over: is told of each file in a folder that is no picture; not of hidden ones.

    Raises:
        DataError: a CSV file has no column `file`.
    """
    for place in places:
        if place.is_dir():
            yield from _in_folder(place, passed_over)
        elif place.suffix.lower() == ".csv":
            yield from _in_csv(place)
        else:
            yield Target(place)


def _in_folder(folder: Path, passed_over: Callable[[Path], None]) -> Iterator[Target]:
    unreadable: list[Target] = []

    def note(error: OSError) -> None:
        unreadable.append(Target(Path(error.filename), fault=f"cannot be read ({error.strerror})"))

    for place, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if name.startswith("."):
                continue
            if is_named_like_picture(path) or looks_like_picture(path):
                yield Target(path)
            elif reason := why_not_read(path):
                yield Target(path, fault=reason)
            else:
                passed_over(path)
    yield from unreadable


def _in_csv(path: Path) -> Iterator[Target]:
    """Paths are relative to the CSV file's own folder."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            if "file" not in (rows.fieldnames or ()):
                raise DataError(f"{path} has no column `file`. Received: {', '.join(rows.fieldnames or ['nothing'])}.")
            for row in rows:
                yield _from_row(path.parent / (row["file"] or ""), row)
    except UnicodeDecodeError:
        yield Target(path, fault="cannot be read: it is no text in UTF-8")
    except (OSError, csv.Error) as error:
        yield Target(path, fault=f"cannot be read ({error})")


def _from_row(path: Path, row: dict[str, str | None]) -> Target:
    texts = [row.get(column) for column in BOX_COLUMNS]
    if not any(texts):
        return Target(path)
    try:
        return Target(path, np.array([float(text or "") for text in texts], np.float32))
    except ValueError:
        return Target(path, fault=f"box is no four numbers: {', '.join(text or 'nothing' for text in texts)}")
