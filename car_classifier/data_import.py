"""What `data import` does: arranges a downloaded copy, reads it, and says what came of it."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.counts import times
from car_classifier.base.errors import DataError
from car_classifier.base.registry import check_name
from car_classifier.found_data import options_of
from car_classifier.screen import create_console, show_table
from data.config import DataConfig
from data.dataset import SPLIT_NAMES, Dataset
from data.importing import ArrangedFiles, arrange_files
from data.known_sets import KNOWN_SETS
from data.registry import read_dataset

NAMED = 3  # faults of one kind that the screen names


@dataclass(frozen=True)
class ImportedData:
    """A known data set after an import.

    Args:
        folder: where it lies.
        files: what became of the files found.
        dataset: as its reader finds it now.
    """

    folder: Path
    files: ArrangedFiles
    dataset: Dataset

    def summary(self) -> dict[str, Any]:
        """Return the summary for `--json`."""
        return {
            "data": self.dataset.name, "folder": str(self.folder),
            "linked": self.files.linked, "copied": self.files.copied, "written": self.files.written,
            "present": self.files.present, "not_overwritten": [str(path) for path in self.files.kept],
            "classes": len(self.dataset.class_names),
            "counts": {name: len(split) for name, split in self.dataset.splits.items()},
            "faults": dict(Counter(fault.kind for fault in self.dataset.faults)),
        }


def import_data(name: str, sources: Sequence[Path], home: Path) -> ImportedData:
    """Arrange what `sources` hold of a known data set under `home`, and read it.

    Raises:
        UnknownNameError: there is no such data set to import.
        DataError: nothing belongs to it, or it cannot be read yet; the message says where to get what is missing.
    """
    check_name("data set", name, KNOWN_SETS)
    folder, console = home / name, create_console()
    files = arrange_files(name, sources, folder, told=lambda archive: console.print(f"Unpacking {archive} …", markup=False))
    try:
        dataset = read_dataset(DataConfig(source=name, directory=home, validation_fraction=0), seed=0)
    except DataError as error:
        published = f"It is published {KNOWN_SETS[name].publishers}."
        text = str(error) if published in str(error) else f"{error}\n{published}"
        raise DataError(f"{files.found:,} files of {name} are in {folder}, but something is missing: {text}") from error
    return ImportedData(folder, files, dataset)


def show_import(imported: ImportedData) -> None:
    """Print where the data set lies, what was put there, its counts and its faults."""
    files, dataset = imported.files, imported.dataset
    put = {"linked": files.linked, "copied": files.copied, "pictures written": files.written, "there before": files.present}
    counts = " · ".join(f"{len(dataset.splits[name]):,} {name}" for name in SPLIT_NAMES if name in dataset.splits)
    rows = [
        ("folder", str(imported.folder), "--data-dir"),
        ("files", ", ".join(f"{count:,} {what}" for what, count in put.items() if count), ""),
        ("found", f"{len(dataset.class_names)} classes, pictures: {counts}", ""),
        *(("kept", f"{path} differs from the file downloaded, and was not overwritten", "") for path in files.kept[:NAMED]),
    ]
    if len(files.kept) > NAMED:
        rows.append(("", f"{len(files.kept) - NAMED:,} more files differ", ""))
    for kind, number in Counter(fault.kind for fault in dataset.faults).items():
        faults = [fault for fault in dataset.faults if fault.kind == kind][:NAMED]
        rows.append(("fault", f"{kind.replace('_', ' ')}{f', {times(number)}' * (number > 1)}:", ""))
        rows += [("", f"{fault.where}: {fault.message}", "") for fault in faults]
    console = create_console()
    show_table(console, f"Imported {dataset.name}", rows)
    if any(fault.kind in ("counts_differ", "file_missing", "test_labels_missing") for fault in dataset.faults):
        console.print(f"\nWhat is missing: {dataset.name} is published {KNOWN_SETS[dataset.name].publishers}.", markup=False)
    words = ["python", "-m", "car_classifier", "train", *options_of(dataset.name, imported.folder.parent)]
    console.print(f"\nNext: {shlex.join(words)}", markup=False, soft_wrap=True)
