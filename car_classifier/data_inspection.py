"""What `data inspect` does: every file decoded, tables on the screen, a page and a contact sheet on the disk."""

import hashlib
import os
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from car_classifier.base.errors import DataError
from car_classifier.base.files import read_json, write_json
from car_classifier.config import Config
from car_classifier.data_sheet import choose_cells, make_thumbnails
from car_classifier.data_tables import show_data, show_files
from car_classifier.found_data import inspect_command, source_place
from car_classifier.places import program_home
from car_classifier.prepared_data import check_pictures, read_source
from car_classifier.screen import create_console, progress_bar
from car_classifier.training.stop import StopRequest
from data.checked_dataset import picture_sizes
from data.dataset import SPLIT_NAMES, Dataset, common_folder
from data.duplicates import Duplicates, duplicate_faults, find_duplicates
from data.faults import KINDS
from data.inspection import Inspection, inspect_pictures
from results.data_record import DataRecord, DuplicateRow, FaultRow
from results.data_report import write_data_report

FORMAT = 1
INSPECTION = "inspection.json"


@dataclass(frozen=True)
class DataInspectionRequest:
    """The options of `data inspect`.

    Args:
        config: settings, of which those of the data count.
        files: list every file below the folder by itself.
        output: folder of the page; None: one under `runs_dir`.
        runs_dir: folder of all runs.
    """

    config: Config
    files: bool
    output: Path | None
    runs_dir: Path


def run_data_inspection(request: DataInspectionRequest) -> dict[str, Any]:
    """Inspect, write the page, show what was found; return what `--json` prints.

    Raises:
        InterruptedRun: what was decoded is remembered, the same command goes on.
        DataError: the data cannot be read, and are no folder of files.
    """
    console, stop = create_console(), StopRequest()
    folder = Path(request.config.data.source).expanduser()
    with stop.on_signals():
        if request.files:
            return _inspect_files(request, folder, console, stop)
        try:
            dataset = read_source(request.config)
        except DataError as error:
            if not folder.is_dir():
                raise
            console.print(f"{error}\nSo each file is looked at by itself.", style="yellow", markup=False)
            return _inspect_files(request, folder, console, stop)
        return _inspect_dataset(request, dataset, console, stop)


def _inspect_files(request: DataInspectionRequest, folder: Path, console: Console, stop: StopRequest) -> dict[str, Any]:
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder. Expected with --files: a folder with files.")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    memory = program_home() / "checked" / f"{folder.resolve().name}-files.json"
    with progress_bar(console, "Decoding pictures") as told:
        found = inspect_pictures(paths, max_megapixels=request.config.data.max_megapixels, memory_file=memory,
                                 progress=stop.checked(told))
    rows = [(path.relative_to(folder), found.facts.get(path), found.bad.get(path)) for path in paths]
    show_files(folder, rows)
    listed = [{"file": str(path), "usable": reason is None, "reason": reason} for path, _, reason in rows]
    return {"folder": str(folder), "files": listed, "bad": len(found.bad), "faults": []}


def _inspect_dataset(request: DataInspectionRequest, dataset: Dataset, console: Console, stop: StopRequest) -> dict[str, Any]:
    config, start = request.config, time.perf_counter()
    with progress_bar(console, "Decoding pictures") as told:
        checked, inspection = check_pictures(config, dataset, told=stop.checked(told))
    duplicates = find_duplicates(checked, inspection)
    checked = replace(checked, faults=(*checked.faults, *duplicate_faults(duplicates, common_folder(checked))))
    record = _record(config, checked, inspection, duplicates=duplicates, seconds=time.perf_counter() - start)
    stop.check()
    cells, columns = choose_cells(checked, config.data.max_megapixels)
    folder = request.output or _folder_of_page(request, dataset.name)
    thumbnails = make_thumbnails(duplicates, checked, config.data.max_megapixels)
    files = write_data_report(record, folder, cells=cells, columns=columns, thumbnails=thumbnails)
    summary = {**_summary(record, duplicates), "source": str(source_place(config)), "bad": len(inspection.bad),
               "page": str(files.page), "sheet": str(files.sheet)}
    write_json(folder / INSPECTION, {"format": FORMAT, **summary})
    show_data(record, files)
    return summary


def _folder_of_page(request: DataInspectionRequest, name: str) -> Path:
    """The folder named after the data; where that holds the page about other data of this name, one of its own."""
    folder = request.runs_dir / f"data-{re.sub(r'[^A-Za-z0-9_-]+', '_', name)}"
    source = str(source_place(request.config))
    if not (folder / INSPECTION).is_file() or read_json(folder / INSPECTION).get("source", source) == source:
        return folder
    return folder.with_name(f"{folder.name}-{hashlib.sha256(os.fsencode(source)).hexdigest()[:8]}")


def _record(config: Config, dataset: Dataset, inspection: Inspection, *, duplicates: tuple[Duplicates, ...],
            seconds: float) -> DataRecord:
    splits = [name for name in SPLIT_NAMES if name in dataset.splits]
    paths = [path for name in splits for path in dataset.splits[name].paths]
    sizes = np.concatenate([picture_sizes(dataset.splits[name], inspection) for name in splits])
    boxes = np.empty((0, 4))
    if dataset.has_boxes:
        boxes = np.concatenate([dataset.splits[name].boxes for name in splits]) / np.tile(sizes, 2)
    return DataRecord(
        name=dataset.name, source=config.data.source, root=os.path.commonpath([path.parent for path in paths]),
        command=inspect_command(config), class_names=dataset.class_names,
        counts={name: dataset.counts(name) for name in splits}, sizes=sizes, boxes=boxes,
        num_files=len(inspection.facts) + len(inspection.bad),
        faults=tuple(FaultRow(fault.kind, KINDS[fault.kind], fault.where, fault.message, fault.effect)
                     for fault in dataset.faults),
        duplicates=tuple(DuplicateRow(**group.describe()) for group in duplicates), notes=dataset.notes, seconds=seconds,
    )


def _summary(record: DataRecord, duplicates: tuple[Duplicates, ...]) -> dict[str, Any]:
    return {
        "data": record.name, "classes": len(record.class_names), "counts": record.totals,
        "counts_per_class": {split: dict(zip(record.class_names, counts.tolist(), strict=True))
                             for split, counts in record.counts.items()},
        "faults": [{"kind": fault.kind, "where": fault.where, "message": fault.message, "effect": fault.effect}
                   for fault in record.faults],
        "duplicates": [group.describe() for group in duplicates], "seconds": round(record.seconds, 3),
    }
