"""The pictures of a run: recorded in data.json, and shown on the first screen."""

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.counts import times
from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json, write_json
from car_classifier.config import Config
from car_classifier.places import program_home
from car_classifier.prepared_data import PreparedData
from car_classifier.screen import show_table
from data.dataset import SPLIT_NAMES, is_uneven
from data.joining import split_source
from data.registry import DATASETS
from results.run_store import Run

NAMED = 3  # faults that the first screen names
WORST_FIRST = ("left_out", "changed", "reported")
EVENING = "--set training.class_weights=true, --set data.balanced_sampling=true"


def record_data(run: Run, data: PreparedData) -> None:
    """Write data.json; on a run that exists, refuse other pictures.

    Raises:
        UserError: the pictures, their classes or their split are not those that the run began with.
    """
    copies = None if data.copies is None else data.copies.describe(data.dataset.splits["train"])
    description = {**data.describe(), "augmented_copies": copies}
    path = run.folder / "data.json"
    if path.is_file():
        stored = read_json(path)
        if stored["fingerprint"] != description["fingerprint"]:
            raise UserError(
                f"The pictures are not those that {run.folder} began with: {stored['counts']} there, "
                f"{description['counts']} now.\nPut the old ones back, or choose another name with --run."
            )
        if _digest(stored.get("augmented_copies")) != _digest(copies):
            raise UserError(
                f"The augmented copies are not those that {run.folder} began with.\n"
                "Put the old ones back, or choose another name with --run."
            )
        return
    write_json(path, description)


def _digest(copies: dict[str, Any] | None) -> str | None:
    return None if copies is None else copies["sha256"]


def show_found(console: Console, data: PreparedData, run: Run) -> None:
    """Print what was found: hardware, classes, pictures of each split, what is wrong with them."""
    hardware, dataset = run.record["hardware"], data.dataset
    splits = [name for name in SPLIT_NAMES if name in dataset.splits]
    counts = " · ".join(f"{len(dataset.splits[name]):,} {name}" for name in splits)
    rows = [
        ("run", str(run.folder), "--run"),
        ("hardware", f"{hardware['processor']}, {hardware['cores']} cores, {hardware['memory_gb']} GB", ""),
        ("data", f"{dataset.name}: {len(dataset.class_names)} classes", "--data"),
        ("pictures", counts, "--limit, --set data.validation_fraction=…"),
        *_copies_row(data),
        _balance_row(data),
        *_fault_rows(data, run),
    ]
    if "test" not in splits:
        rows.append(("test", "none: the last figures are of validation, by which the best epoch was chosen",
                     "--set data.test_fraction=0.2"))
    rows += [("note", note, "") for note in dataset.notes]
    if run.record["interruptions"]:
        rows.append(("resumed", times(len(run.record["interruptions"])), ""))
    show_table(console, "Found", rows)


def _balance_row(data: PreparedData) -> tuple[str, str, str]:
    counts, config = data.dataset.counts("train"), data.config
    text = " to ".join(str(count) for count in sorted({int(counts.min()), int(counts.max())})) + " training pictures per class"
    if config.training.class_weights or config.data.balanced_sampling:
        return "balance", f"{text}, evened out by {'weights' if config.training.class_weights else 'sampling'}", ""
    if is_uneven(counts):
        return "balance", f"{text}: uneven, rare classes will be guessed too seldom", f"{EVENING} (try one of them)"
    return "balance", text, ""


def _fault_rows(data: PreparedData, run: Run) -> Iterator[tuple[str, str, str]]:
    faults = data.dataset.faults
    if not faults:
        yield "faults", "none: every file was decoded", ""
        return
    kinds = Counter(fault.kind for fault in faults).most_common()
    yield "faults", f"{len(faults)}: " + ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in kinds), ""
    for fault in sorted(faults, key=lambda fault: WORST_FIRST.index(fault.effect))[:NAMED]:
        yield "", f"{fault.where}: {fault.message}", ""
    if len(faults) > NAMED:
        yield "", f"{len(faults) - NAMED} more are in {run.folder / 'data.json'}", ""
    yield "", f"All, with pictures: {inspect_command(data.config)}", ""


def inspect_command(config: Config) -> str:
    """Return the command that shows everything about the data of a run."""
    return shlex.join(["python", "-m", "car_classifier", "data", "inspect", *source_options(config)])


def source_options(config: Config) -> list[str]:
    """Return the options that make another command read the same classes of the same source."""
    return options_of(config.data.source, config.data.directory) + choice_options(config)


def choice_options(config: Config) -> list[str]:
    """Return the options that choose the same classes of a source, and hold the same test pictures out."""
    chosen = {name: getattr(config.data, name) for name in ("classes", "label_level", "test_fraction")}
    texts = [f"data.{name}={json.dumps(value, ensure_ascii=False)}" for name, value in chosen.items() if value]
    return [word for text in texts for word in ("--set", text)]


def options_of(source: str, directory: Path) -> list[str]:
    """Return the options that name a source and the folder of known data sets."""
    is_usual = directory.expanduser().resolve() == program_home()
    return ["--data", source, *([] if is_usual else ["--data-dir", str(directory)])]


def source_place(config: Config) -> Path:
    """Return where the data of a run lie: a folder, a CSV file or an archive; of joined ones a place in the working folder."""
    source = config.data.source
    if len(split_source(source)) > 1:
        return Path.cwd() / re.sub(r"[/\\]", "_", source)
    return (config.data.directory / source if source in DATASETS else Path(source)).expanduser().resolve()


def _copies_row(data: PreparedData) -> list[tuple[str, str, str]]:
    if data.copies is None:
        return []
    made, size = data.copies.describe(data.dataset.splits["train"]), data.copies.settings.image_size
    small = f"; their shorter side of {size} pixels is less than the model sees" if size < data.geometry.image_size else ""
    text = f"{made['copies_of_train']:,} augmented copies of training pictures{small}"
    return [("copies", text, "--set data.augmented_copies=…")]
