"""A table of pictures: a CSV file with a line per picture."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from car_classifier.base.errors import DataError
from data.dataset import Dataset
from data.faults import Fault
from data.readers.annotated_set import build_dataset, parse_entries
from data.readers.annotation import Annotation, parse_box
from data.readers.bad_entry import BadEntry
from data.readers.contained_folder import ContainedFolder
from data.readers.split_names import SPLITS_BY_NAME

NEEDED = ("file", "label")
EDGES = ("x_min", "y_min", "x_max", "y_max")
COLUMNS = (*NEEDED, "split", "group", *EDGES)

Entry = tuple[str, list[str]]


def read_csv_file(path: Path) -> Dataset:
    """Read the pictures that a CSV file names, in the order of its lines; the classes are its labels in sorted order.

    The first line names the columns, in any case: `file` (relative to the folder of the CSV file) and `label`; if wanted
    `split` (train, val | valid | validation, or test), `group`, and all of `x_min`, `y_min`, `x_max`, `y_max` in pixels. Other
    columns are not used, and noted.

    Raises:
        DataError: the file is no such table, or nothing is left to train on.
    """
    columns, entries = _read_table(path)
    _check_columns(path, columns)
    contained = ContainedFolder(path.parent)
    annotations, faults = parse_entries(entries, lambda where, values: _parse(where, values, columns, contained))
    for place in sorted({annotation.path.parent for annotation in annotations}):
        faults += contained.unnamed(place)
    unused = [column for column in columns if column not in COLUMNS]
    notes = [f"Columns of {path.name} that are not used: {', '.join(unused)}."] if unused else []
    dataset = build_dataset(path.stem, None, annotations, faults, notes=notes)
    return replace(dataset, faults=(*dataset.faults, *_lost_classes(path, columns, entries, dataset)))


def _read_table(path: Path) -> tuple[list[str], list[Entry]]:
    """The names of the columns, and each later line with its place."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            columns = [name.strip() for name in next(reader, [])]
            columns = [name.lower() if name.lower() in COLUMNS else name for name in columns]
            return columns, [(f"{path}, line {reader.line_num}", row) for row in reader if row]
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8. Save it as comma-separated text in UTF-8.") from error
    except csv.Error as error:
        raise DataError(f"{path} is no table: {error}. Expected: comma-separated text in UTF-8.") from error


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    edges = [name for name in EDGES if name not in columns]
    if 0 < len(edges) < len(EDGES):
        missing += edges
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if missing or twice:
        other = next((sign for sign in ";\t|" if any(sign in name for name in columns)), None)
        if other is not None and len(columns) == 1:
            raise DataError(f"{path} separates its columns by {other!r}. Expected: commas. Save it as comma-separated text.")
        problem = f"lacks the column {', '.join(missing)}" if missing else f"has a column twice: {', '.join(twice)}"
        raise DataError(
            f"{path} {problem}. Expected: a first line that names the columns file,label and, if wanted, split, group and "
            f"{','.join(EDGES)}. Received: {','.join(columns)[:200]!r}."
        )


def _parse(where: str, values: list[str], columns: Sequence[str], contained: ContainedFolder) -> Annotation:
    if len(values) != len(columns):
        raise BadEntry("annotation_malformed", f"Expected {len(columns)} values. Received {len(values)}: {','.join(values)}.")
    row = dict(zip(columns, values, strict=True))
    path, label = contained.locate(row["file"]), row["label"].strip()
    if not label:
        raise BadEntry("annotation_malformed", "It has no label.")
    box = parse_box([row[edge] for edge in EDGES]) if EDGES[0] in row else None
    group = row["group"].strip() if "group" in row else None
    return Annotation(where, path, _split(row), label, box, group)


def _split(row: dict[str, str]) -> str:
    split = SPLITS_BY_NAME.get(row.get("split", "train").strip().lower())
    if split is None:
        raise BadEntry("annotation_malformed", f"Expected a split: {', '.join(SPLITS_BY_NAME)}. Received: {row['split']!r}.")
    return split


def _lost_classes(path: Path, columns: Sequence[str], entries: Sequence[Entry], dataset: Dataset) -> list[Fault]:
    place = columns.index("label")
    named = {values[place].strip() for _, values in entries if len(values) == len(columns)} - {""}
    return [
        Fault("class_empty", name, f"No line of {path.name} with this label can be used, so it is no class.", "left_out")
        for name in sorted(named - set(dataset.class_names))
    ]
