"""Which files of a data set cannot be used: found before training starts, and remembered."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError, PictureError
from car_classifier.base.files import read_json, write_json
from data.dataset import Dataset, Split
from data.machine import num_processors
from data.picture import decode_picture

FORMAT = 1

BadPicture = tuple[Path, str]


def check_pictures(
    paths: Sequence[Path],
    *,
    max_megapixels: float,
    threads: int | None = None,
    memory_file: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[BadPicture]:
    """Decode every file once and return those that cannot be used, with the reason, in the order of `paths`.

    Args:
        threads: None takes one per processor.
        memory_file: JSON file with the results of former calls, updated by this one; a file counts as the same while
            path, size and time of change are. A damaged memory is forgotten.
        progress: called with the number of files checked and the number to check.
    """
    known = {} if memory_file is None else _read_memory(memory_file, max_megapixels)
    keys = [_key(path) for path in paths]
    unknown = {key: path for key, path in zip(keys, paths, strict=True) if key not in known}
    pool = ThreadPoolExecutor(threads or num_processors())
    try:
        reasons = pool.map(lambda path: _reason(path, max_megapixels), unknown.values())
        for done, (key, reason) in enumerate(zip(unknown, reasons, strict=True), start=1):
            known[key] = reason
            if progress is not None:
                progress(done, len(unknown))
    finally:  # an interruption neither waits for the rest nor loses what is known
        pool.shutdown(cancel_futures=True)
        if unknown and memory_file is not None:
            write_json(memory_file, {"format": FORMAT, "max_megapixels": max_megapixels, "files": known})
    return [(path, known[key]) for key, path in zip(keys, paths, strict=True) if known[key] is not None]


def _key(path: Path) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return f"{os.path.abspath(path)}|missing"
    return f"{os.path.abspath(path)}|{status.st_size}|{status.st_mtime_ns}"


def _reason(path: Path, max_megapixels: float) -> str | None:
    try:
        decode_picture(path, max_megapixels=max_megapixels)
    except PictureError as error:
        return error.reason
    return None


def _read_memory(path: Path, max_megapixels: float) -> dict[str, str | None]:
    try:
        memory = read_json(path)
    except DataError:  # not there yet, or damaged: every file is checked again
        return {}
    if not isinstance(memory, dict) or (memory.get("format"), memory.get("max_megapixels")) != (FORMAT, max_megapixels):
        return {}
    files = memory.get("files")
    return files if isinstance(files, dict) else {}


def remove_bad(dataset: Dataset, bad: Iterable[BadPicture]) -> Dataset:
    """Return the data set without the files in `bad`, and with a note that says how many are left out.

    Raises:
        DataError: no training picture is left.
    """
    reasons = dict(bad)
    if not reasons:
        return dataset
    splits = {name: _without(split, reasons) for name, split in dataset.splits.items()}
    if not len(splits["train"]):
        path, reason = next(iter(reasons.items()))
        raise DataError(f"None of the training pictures of {dataset.name!r} can be used. The first: {path}: {reason}.")
    return replace(
        dataset,
        splits={name: split for name, split in splits.items() if len(split)},
        notes=dataset.notes + tuple(_notes(dataset, splits, len(reasons))),
    )


def _notes(dataset: Dataset, splits: dict[str, Split], num_bad: int) -> Iterator[str]:
    yield f"{num_bad} picture files cannot be used and are left out."
    emptied = [
        dataset.class_names[label]
        for label in np.flatnonzero(dataset.counts("train"))
        if not (splits["train"].labels == label).any()
    ]
    if emptied:
        yield f"Classes that lost all their training pictures: {', '.join(emptied)}."
    for name, split in splits.items():
        if not len(split):
            yield f"The {name} split lost all its pictures."


def _without(split: Split, reasons: dict[Path, str]) -> Split:
    return split.take(np.array([place for place, path in enumerate(split.paths) if path not in reasons], np.int64))
