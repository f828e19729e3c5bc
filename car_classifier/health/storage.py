"""Folders, disk, memory and downloaded weights."""

import shutil
import tempfile
from pathlib import Path

from car_classifier.base.errors import CarClassifierError
from car_classifier.base.files import write_bytes
from car_classifier.base.locks import lock_folder
from car_classifier.health.finding import Finding, Mark
from car_classifier.health.places import Places
from data.machine import free_memory_bytes
from models.registry import MODELS

GIGABYTE = 10**9
LITTLE_DISK, MUCH_DISK = 1 * GIGABYTE, 5 * GIGABYTE  # below the first must be fixed, below the second is worth a look
LITTLE_MEMORY, MUCH_MEMORY = 1.5 * GIGABYTE, 4 * GIGABYTE


def check_folders(places: Places) -> list[Finding]:
    """Write, lock and rename a file where runs and data lie; a folder that is missing is not made."""
    return [
        _check_folder("runs folder", places.runs_dir, "--runs-dir with a folder of your own"),
        _check_folder("data folder", places.home, "--data-dir, or CAR_CLASSIFIER_HOME, with a folder of your own"),
    ]


def _check_folder(title: str, folder: Path, fix: str) -> Finding:
    existing = _nearest_existing(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=existing) as trial:
            lock = lock_folder(Path(trial))
            write_bytes(Path(trial) / "file", b"written")
            lock.release()
    except (OSError, CarClassifierError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).splitlines()[0]
        return Finding(title, Mark.problem, f"{folder} cannot be written to: {reason}", f"pass {fix}")
    made = "" if existing == folder.absolute() else ", made when needed"
    return Finding(title, Mark.good, f"{folder} (writable{made})")


def check_disk(places: Places) -> list[Finding]:
    """Compare the free space where runs and data lie with what a training writes."""
    free = {folder: shutil.disk_usage(_nearest_existing(folder)).free for folder in (places.runs_dir, places.home)}
    folder = min(free, key=free.__getitem__)
    mark = _mark(free[folder], LITTLE_DISK, MUCH_DISK)
    fix = "" if mark == Mark.good else "free some space, or pass --runs-dir and --data-dir on another disk"
    return [Finding("disk", mark, f"{free[folder] / GIGABYTE:.1f} GB free for {folder}", fix)]


def check_memory(places: Places) -> list[Finding]:
    """Compare the memory that is free now, within the container's limit, with what a training needs."""
    free = free_memory_bytes()
    mark = _mark(free, LITTLE_MEMORY, MUCH_MEMORY)
    fix = "" if mark == Mark.good else "end other programs, or train with --batch-size 8 --set data.memory_cache_gb=0"
    return [Finding("memory", mark, f"{free / GIGABYTE:.1f} GB free", fix)]


def check_weights(places: Places) -> list[Finding]:
    """List the models whose published weights lie on the disk; the others are downloaded when a training asks for them."""
    folder = places.home / "weights"
    published = {name: entry.scaled().weights for name, entry in MODELS.items() if entry.weights}
    here = [name for name, weights in published.items() if any((folder / w.file_name).is_file() for w in weights)]
    away = [name for name in published if name not in here]
    if not away:
        return [Finding("weights", Mark.good, f"at hand for all {len(here)} models that have published ones")]
    text = f"at hand for {', '.join(here) or 'no model'}; not for {_shortened(away)}"
    fix = f"train downloads them; without a network put the files that `models` names into {folder}"
    return [Finding("weights", Mark.warning, text, fix)]


def _shortened(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _nearest_existing(folder: Path) -> Path:
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())


def _mark(amount: float, little: float, much: float) -> Mark:
    if amount < little:
        return Mark.problem
    return Mark.warning if amount < much else Mark.good
