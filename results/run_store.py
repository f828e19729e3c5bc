"""Runs on disk: what a command was asked, what it did, and whether it is done."""

import os
import platform
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from car_classifier.base.errors import DataError, ResourceError, RunInUseError, UserError
from car_classifier.base.files import read_json, write_json
from car_classifier.base.locks import lock_folder

FORMAT = 1
NAMED_RUNS = 8  # in the message that there is no such run
PACKAGES = ("keras", "tensorflow", "jax", "torch", "numpy", "albumentations", "grain", "opencv-python-headless")
EXTENDABLE = "training.epochs"  # what may grow when a run that is done is to go on
EVALUATION_FILES = (
    "evaluation.json", "predictions.csv", "classification_report.txt", "plots/confusion_matrix.png", "plots/reliability.png"
)
PLACES = ("data.directory", "data.loader_threads", "data.memory_cache_gb", "training.checkpoint_minutes")


class Run:
    """One run's folder, locked for this process.

    `record` is the content of run.json; it is written whenever it changes.

    Args:
        folder: of the run; made when missing.
        kind: "train", "search", …
        config: every setting, resolved, as dotted names; a run that exists must have the same, apart from `PLACES`
            (where things lie and how fast they are read).
        extend: let a run that is done go on with more epochs; `begin` then changes its settings.
        defaults: what settings are that config.json does not name, since a version before there were these wrote it.

    Raises:
        RunInUseError: another process works on it.
        UserError: the folder holds a run with other settings, or something that is no run.
    """

    def __init__(self, folder: Path, *, kind: str, config: dict[str, Any], extend: bool = False,
                 defaults: Mapping[str, Any] = MappingProxyType({})):
        self.folder, self._extend, self._defaults = folder, extend, defaults
        self._has_begun = False
        self._more: dict[str, int] | None = None  # epochs of a run that is done, and those asked for
        self._open: dict[str, tuple[float, float]] = {}
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "run.json").is_file() and not _is_fresh(folder):
            raise UserError(f"{folder} exists and holds no run. Choose another name with --run.")
        self._lock = lock_folder(folder)
        if (folder / "run.json").is_file():
            self.record = read_json(folder / "run.json")
            self._check(kind, config)
            self.is_new = False
        else:
            self.record = _first_record(kind)
            self.is_new = True
            write_json(folder / "config.json", config)
            self._write()

    @property
    def is_done(self) -> bool:
        """Whether the run has finished, and no more epochs were asked for."""
        return self.record["status"] == "done" and self._more is None

    @property
    def extended_from(self) -> tuple[int, ...]:
        """The epochs after which the run was done, each time that it was extended."""
        return tuple(extension["from"] for extension in self.record.get("extensions", ()))

    def begin(self, argv: list[str]) -> None:
        """Note that work starts; a run that had begun before was interrupted, unless it was done and is to do more."""
        if self._more is not None:
            self._record_extension(self._more)
        if self.record["status"] not in ("new", "done"):
            reason = {"running": "killed", "failed": "failed"}.get(self.record["status"], self.record["status"])
            self.record["interruptions"].append({"noticed": _now(), "reason": reason})
        self._has_begun = True
        self.update(status="running", command=argv)
        if self.extended_from:
            write_json(self.folder / "config.json", self._settings())

    def update(self, **values: Any) -> None:
        """Set entries of run.json."""
        self.record.update(values)
        self._write()

    def finish(self, summary: dict[str, Any]) -> None:
        """Set the status to "done" together with what was found, and remove the training state, in this order."""
        self.update(status="done", end=_now(), summary=summary)
        shutil.rmtree(self.folder / "checkpoint", ignore_errors=True)

    def stop(self, status: str) -> None:
        """Set the status to "interrupted" or "failed"; a run with which this process did not go on keeps the status it had.

        A disk too full for that must not hide what went wrong before.
        """
        if self._has_begun or self.is_new:
            with suppress(ResourceError):
                self.update(status=status, end=_now())

    def release(self) -> None:
        """Let others work on the run."""
        self._lock.release()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the wall-clock and CPU seconds of the block, failed or not, to those of step `name` in run.json.

        What a step inside another one takes is not counted in the outer one.
        """
        if self._open:
            self.save_steps()
        outer, self._open = self._open, {name: _clocks()}
        try:
            yield
        except BaseException:
            with suppress(ResourceError):
                self.save_steps()
            raise
        else:
            self.save_steps()
        finally:
            self._open = dict.fromkeys(outer, _clocks())

    def save_steps(self) -> None:
        """Write what the steps under way have taken up to now, so that a crash does not lose it.

        Before a run that exists goes on they are only remembered: it may yet be refused, and its record stays as it is.
        """
        now = _clocks()
        for name, (wall, cpu) in self._open.items():
            earlier = self.record["steps"].get(name, {"seconds": 0.0, "cpu_seconds": 0.0})
            self.record["steps"][name] = {
                "seconds": earlier["seconds"] + now[0] - wall, "cpu_seconds": earlier["cpu_seconds"] + now[1] - cpu
            }
            self._open[name] = now
        if self._has_begun or self.is_new:
            self._write()

    def _write(self) -> None:
        write_json(self.folder / "run.json", self.record)

    def _check(self, kind: str, config: dict[str, Any]) -> None:
        stored = self._settings()
        names = [name for name in sorted({*stored, *config} - set(PLACES)) if stored.get(name) != config.get(name)]
        different = [f"  {name}: {stored.get(name)!r} there, {config.get(name)!r} asked for" for name in names]
        if self.record["kind"] != kind:
            different.insert(0, f"  command: {self.record['kind']} there, {kind} asked for")
        has_grown = names == [EXTENDABLE] and len(different) == 1 and config[EXTENDABLE] > stored[EXTENDABLE]
        if has_grown and self._extend and self.record["status"] == "done":
            self._more = {"from": stored[EXTENDABLE], "to": config[EXTENDABLE]}
        elif different:
            self._lock.release()
            shown = "\n".join(different[:12] + ([f"  … and {len(different) - 12} more"] if len(different) > 12 else []))
            advice = self._advice_on_more(stored[EXTENDABLE]) if has_grown else self._advice_on_others()
            raise UserError(f"{self.folder} holds a run with other settings:\n{shown}\n{advice}")

    def _advice_on_more(self, epochs: int) -> str:
        if self.record["status"] == "done":
            return "Add --extend to go on with this run, which is done, or choose another name with --run."
        return f"It is not done: first end it with --epochs {epochs}; or choose another name with --run."

    def _advice_on_others(self) -> str:
        if not self._extend:
            return "Choose another name with --run."
        command = shlex.join(self.record["command"])
        return f"--extend changes --epochs only: repeat the other options of the run. Its last command was:\n  {command}"

    def _settings(self) -> dict[str, Any]:
        """The settings of the run; run.json knows first of more epochs."""
        extensions = self.record.get("extensions")
        grown = {EXTENDABLE: extensions[-1]["to"]} if extensions else {}
        return {**self._defaults, **read_json(self.folder / "config.json"), **grown}

    def _record_extension(self, more: dict[str, int]) -> None:
        shutil.rmtree(self.folder / "checkpoint", ignore_errors=True)  # left when the run died while it was closed
        (self.folder / "model.h5").unlink(missing_ok=True)  # a copy of the model before
        kept = self.folder / "evaluations" / f"after-{more['from']}-epochs"
        for name in EVALUATION_FILES:
            if (self.folder / name).is_file():  # else there was none, or a process that died has moved it
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).replace(kept / name)
        self.update(status="new", extensions=[*self.record.get("extensions", ()), {"noticed": _now(), **more}])
        self._more = None


def _clocks() -> tuple[float, float]:
    """Wall-clock seconds, and CPU seconds of this process and of its children that have ended."""
    return time.perf_counter(), sum(os.times()[:4])


def _is_fresh(folder: Path) -> bool:
    """Whether a folder holds no more than the beginnings of a run that died while it was made."""
    return all(path.name.startswith(".") or path.name == "config.json" for path in folder.iterdir())


def _first_record(kind: str) -> dict[str, Any]:
    return {
        "format": FORMAT, "kind": kind, "command": [], "status": "new", "start": _now(), "end": None, "steps": {},
        "interruptions": [], "evaluations_of_test": 0, "versions": installed_versions(), "hardware": describe_hardware(),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that decide what a run computes."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def describe_hardware() -> dict[str, Any]:
    """Return processor, cores, memory and system."""
    import psutil

    return {
        "processor": _processor_name(), "cores": len(psutil.Process().cpu_affinity()) if sys.platform == "linux" else
        psutil.cpu_count(), "memory_gb": round(psutil.virtual_memory().total / 1e9, 1), "system": platform.platform(),
    }


def _processor_name() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def find_run(name: str | Path, runs_dir: Path) -> Path:
    """Return the folder of a run given by path, or by name under `runs_dir`.

    Raises:
        UserError: there is none; the message lists the runs that there are.
    """
    for folder in (Path(name), runs_dir / name):
        if (folder / "run.json").is_file():
            return folder
    known = [path.name for path in list_runs(runs_dir)]
    shown = ", ".join(known[-NAMED_RUNS:]) or "none yet"
    if len(known) > NAMED_RUNS:
        shown += f", the newest of {len(known)} that `runs list` shows"
    raise UserError(f"No run {str(name)!r}, neither as a path nor under {runs_dir}. Runs there: {shown}.")


def list_runs(runs_dir: Path) -> list[Path]:
    """Return the folders of all runs under `runs_dir`, oldest first."""
    folders = [path.parent for path in runs_dir.glob("*/run.json")]
    return sorted(folders, key=lambda folder: (_start(folder), folder.name))


def _start(folder: Path) -> str:
    try:
        return read_json(folder / "run.json")["start"]
    except (DataError, KeyError, TypeError):  # a damaged record must not hide the other runs
        return ""


def status_of(folder: Path, record: dict[str, Any]) -> str:
    """Return the status of a run; "killed" when its record says "running" and no process works on it."""
    if record["status"] != "running":
        return record["status"]
    try:
        lock_folder(folder).release()
    except (RunInUseError, UserError):
        return "running"
    return "killed"


def read_record(folder: Path) -> dict[str, Any]:
    """Return the content of a run's run.json.

    Raises:
        DataError: it is missing, damaged or of a newer program.
    """
    record = read_json(folder / "run.json")
    if record.get("format") != FORMAT:
        raise DataError(f"{folder / 'run.json'} has format {record.get('format')}; this program reads format {FORMAT}.")
    return record
