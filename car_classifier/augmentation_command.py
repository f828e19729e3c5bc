"""What `data augment` does: copies of the training pictures, made once and kept."""

import json
import shlex
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.errors import InterruptedRun, RunInUseError, UserError
from car_classifier.base.locks import lock_folder
from car_classifier.config import Config
from car_classifier.defaults import resolve_for_data
from car_classifier.found_data import source_options, source_place
from car_classifier.prepared_data import inspect_dataset, read_source
from car_classifier.screen import create_console, describe_duration, progress_bar, show_table
from car_classifier.training.stop import StopRequest
from data.checked_dataset import apply_inspection, left_out
from data.config import DataConfig
from data.copy_record import FOLDER, CopyRecord, Row
from data.copy_settings import CopySettings
from data.copy_writer import CopyWriter
from data.dataset import Dataset
from data.machine import num_processors

IMAGE_SIZE = 256  # a little more than most models see
NAMED = 3  # files left out that the screen names


@dataclass(frozen=True)
class AugmentationRequest:
    """The options of `data augment`.

    Args:
        config: settings, open ones still open.
        num_copies: of each training picture.
        quality: of the JPEG files.
        output: folder of the copies; None: beside the originals.
    """

    config: Config
    num_copies: int
    quality: int
    output: Path | None


def run_augmentation(request: AugmentationRequest) -> dict[str, Any]:
    """Write the copies that are not there yet; return what `--json` prints.

    Raises:
        InterruptedRun: the same command goes on.
        UserError: the folder cannot be written, or holds something else.
    """
    console, stop = create_console(), StopRequest()
    start, cpu_start = time.perf_counter(), time.process_time()
    with stop.on_signals():
        dataset = read_source(request.config)
        config = resolve_for_data(request.config, dataset)
        with progress_bar(console, "Checking pictures") as told:  # as a training does: the same pictures, with the same boxes
            dataset = apply_inspection(dataset, inspect_dataset(config, dataset, told=stop.checked(told)))
        settings = copy_settings(config, num_copies=request.num_copies, quality=request.quality)
        folder = request.output or _folder_beside(config, dataset, settings)
        _show_plan(console, dataset, settings, folder)
        rows = _write(config, dataset, settings, folder, told=(console, stop))
    seconds = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu_start}
    skipped = [(row["original"], row["reason"]) for row in rows if "reason" in row]
    summary = {
        "folder": str(folder), "data": dataset.name, "originals": len(rows) - len(skipped),
        "copies": sum(len(row.get("copies", ())) for row in rows),
        "skipped": [{"file": str(file), "reason": reason} for file, reason in [*left_out(dataset), *skipped]],
        "next": _train_command(request.config, folder), **seconds,
    }
    _show_result(console, summary)
    return summary


def copy_settings(config: Config, *, num_copies: int, quality: int) -> CopySettings:
    """Return what the copies depend on.

    Args:
        config: `data.cut_to_box` is decided.
        num_copies: of each training picture.
        quality: of the JPEG files.
    """
    data = config.data
    return CopySettings(
        num_copies=num_copies, image_size=data.image_size or IMAGE_SIZE, quality=quality, seed=config.seed,
        cut_to_box=bool(data.cut_to_box), box_margin=data.box_margin, limit=data.limit, augmentation=config.augmentation,
        classes=data.classes, label_level=data.label_level,
    )


def _folder_beside(config: Config, dataset: Dataset, settings: CopySettings) -> Path:
    source = source_place(config)
    return (source if source.is_dir() else source.parent) / FOLDER / f"{dataset.name}-{settings.digest}"


def _write(config: Config, dataset: Dataset, settings: CopySettings, folder: Path, *,
           told: tuple[Console, StopRequest]) -> list[Row]:
    console, stop = told
    if folder.is_dir():
        CopyRecord(folder, settings.to_json())  # refuses a folder of something else before a lock is left in it
    lock = _lock(folder)
    try:
        record = CopyRecord(folder, settings.to_json())
        writer = CopyWriter(folder, settings, max_megapixels=config.data.max_megapixels)
        with progress_bar(console, "Copies of pictures") as bar:
            return writer.write(
                dataset, record, threads=config.data.loader_threads or num_processors(), told=stop.checked(bar)
            )
    except InterruptedRun as error:
        raise InterruptedRun(
            "Stopped; nothing is lost. The same command goes on from here.", error.exit_status - 128
        ) from error
    finally:
        lock.release()


def _lock(folder: Path) -> Any:
    try:
        return lock_folder(folder)
    except RunInUseError as error:
        raise RunInUseError(f"Another process writes copies into {folder}. Wait for it to end.") from error
    except UserError as error:
        reason = error.__cause__.strerror if isinstance(error.__cause__, OSError) else error
        raise UserError(f"No copies can be written into {folder}: {reason}.\nName another folder with --output.") from error


def _show_plan(console: Console, dataset: Dataset, settings: CopySettings, folder: Path) -> None:
    size, chain = settings.image_size, ", ".join(settings.augmentation.transform_order).replace("_", " ")
    cut = f"cut to their boxes with a margin of {100 * settings.box_margin:.0f} %" if settings.cut_to_box else "whole"
    show_table(console, "Copies", [
        ("data", f"{dataset.name}: {len(dataset.splits['train']):,} training pictures, {cut}", "--data"),
        ("copies", f"{settings.num_copies} of each, JPEG of quality {settings.quality}", "--copies, --quality"),
        ("size", f"shorter side at most {size} pixels", "--image-size"),
        ("transforms", chain, "--set augmentation.…"),
        ("folder", str(folder), "--output"),
    ])


def _show_result(console: Console, summary: dict[str, Any]) -> None:
    for row in summary["skipped"][:NAMED]:
        console.print(f"Left out {row['file']}: {row['reason']}", style="yellow", markup=False)
    if len(summary["skipped"]) > NAMED:
        console.print(f"Left out {len(summary['skipped']) - NAMED} more; --json lists all.", style="yellow")
    console.print(
        f"{summary['copies']:,} copies of {summary['originals']:,} pictures are in {summary['folder']} "
        f"({describe_duration(summary['seconds'])}, {describe_duration(summary['cpu_seconds'])} of CPU).", markup=False,
    )
    console.print(f"Next: {summary['next']}", markup=False, soft_wrap=True)


def _train_command(config: Config, folder: Path) -> str:
    """The training that fits the copies: of the same pictures, cut in the same way."""
    words = ["python", "-m", "car_classifier", "train", *source_options(config)]
    if config.data.limit is not None:
        words += ["--limit", str(config.data.limit)]
    usual = DataConfig()
    for name in ("cut_to_box", "box_margin", "max_megapixels"):
        value = getattr(config.data, name)
        if value != getattr(usual, name):
            words += ["--set", f"data.{name}={json.dumps(value)}"]
    return shlex.join([*words, "--set", f"data.augmented_copies={folder}"])
