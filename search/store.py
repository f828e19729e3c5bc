"""All trials of a search on disk: the only truth about it, whole whenever the machine dies."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import sync_folder, write_bytes
from search.record_file import read_trial, write_trial
from search.trial import Trial

OLD = 3600.0  # seconds after which a temporary file belongs to a process that died


class SearchStore:
    """Trials of one search; only the process that holds the lock of its folder may write.

    A trial under way has the folder `trials/00017/` with its record `trial.pkl` and its training state in `state/`. When
    it has finished, its record is `trials/00017.pkl` and the folder goes, but for a training state that is to be kept: that
    has a file `kept` beside it. Each step can be the last one: what a killed process left undone is done by `trials()`.

    `damaged` holds a message for every record that could not be read and was set aside.

    Args:
        folder: of the search.
    """

    def __init__(self, folder: Path):
        self.folder = folder / "trials"
        self.damaged: list[str] = []

    def trials(self) -> list[Trial]:
        """Return all finished and running trials by their numbers, after doing what a killed process left undone.

        Raises:
            UserError: the system does not let us read them.
        """
        found, unreadable = self._scan()
        self.damaged += [f"{error} {_set_aside(path)}" for path, error in unreadable.items()]
        for number, trial in found.items():
            if trial.is_finished:
                self._drop(number)
        return [found[number] for number in sorted(found)]

    def peek(self) -> list[Trial]:
        """Return what `trials` would, and change nothing: for those who do not hold the lock."""
        found, _ = self._scan()
        return [found[number] for number in sorted(found)]

    def begin(self, trial: Trial) -> None:
        """Record a running trial, before it starts or because `deaths` or `micro_batch_divisor` have changed.

        Raises:
            ResourceError: the disk is full.
            UserError: the folder cannot be written.
        """
        with self._writing():
            record = self._folder_of(trial.number) / "trial.pkl"
            if not record.exists() and record.parent.exists():
                shutil.rmtree(record.parent)  # a training state without a record may be that of other values
            write_trial(record, trial)
            self._file_of(trial.number).unlink(missing_ok=True)  # a trial that a bug had ended is set running again
            sync_folder(self.folder)

    def finish(self, trial: Trial, *, keep_state: bool = False) -> None:
        """Record a finished trial, then remove its training state; doing so again changes nothing.

        Args:
            keep_state: a later trial may go on from its training state.

        Raises:
            ResourceError: the disk is full; the trial is still recorded as running, with its training state.
            UserError: the folder cannot be written.
        """
        with self._writing():
            kept = self._folder_of(trial.number) / "kept"
            if keep_state:
                write_bytes(kept, b"")
            else:
                kept.unlink(missing_ok=True)
            write_trial(self._file_of(trial.number), trial)
            self._drop(trial.number)

    def state_folder(self, number: int) -> Path:
        """Return the folder of a trial's training state."""
        return self._folder_of(number) / "state"

    def clear_state(self, number: int) -> None:
        """Remove the training state of a trial that starts anew."""
        if self.state_folder(number).exists():
            with self._writing():
                shutil.rmtree(self.state_folder(number))

    def forget_state(self, number: int) -> None:
        """Remove the training state of a finished trial that was kept, since no trial will continue it any more."""
        with self._writing():
            (self._folder_of(number) / "kept").unlink(missing_ok=True)
            self._drop(number)

    def remove_leftovers(self) -> None:
        """Remove temporary files of processes that died in the middle of writing."""
        for path in self.folder.parent.rglob(".*.tmp*"):
            with suppress(FileNotFoundError):  # its writer lives, and has just renamed it
                if time.time() - path.lstat().st_mtime > OLD and path.is_file():
                    path.unlink()

    def _folder_of(self, number: int) -> Path:
        return self.folder / f"{number:05d}"

    def _file_of(self, number: int) -> Path:
        return self.folder / f"{number:05d}.pkl"

    def _scan(self) -> tuple[dict[int, Trial], dict[Path, DataError]]:
        """Read all records; the finished ones last, so that a trial that ends meanwhile is not overlooked."""
        found: dict[int, Trial] = {}
        unreadable: dict[Path, DataError] = {}
        for finished, ending in ((False, ""), (True, ".pkl")):
            for number, path in self._numbered(ending):
                record = path if finished else path / "trial.pkl"
                try:
                    if record.exists():
                        found[number] = _read(record, number, finished=finished)
                except DataError as error:
                    unreadable[path] = error
        for number, trial in found.items():
            if trial.is_finished:
                unreadable.pop(self._folder_of(number), None)  # it is not needed any more
        return found, unreadable

    def _numbered(self, ending: str) -> Iterator[tuple[int, Path]]:
        for path in sorted(self.folder.glob("*")):
            digits = path.name.removesuffix(ending)
            if path.name.endswith(ending) and digits.isdecimal() and digits == f"{int(digits):05d}":
                yield int(digits), path

    def _drop(self, number: int) -> None:
        """Remove what a finished trial needs no more: all, or all but the training state that is to be kept."""
        folder = self._folder_of(number)
        if (folder / "kept").exists():
            (folder / "trial.pkl").unlink(missing_ok=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)  # what an orphaned worker still writes there goes the next time

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UserError(
                f"{self.folder} cannot be written: {error.strerror}. No finished trial is lost.\n"
                "Make the folder writable and type the same command again."
            ) from error


def _read(record: Path, number: int, *, finished: bool) -> Trial:
    trial = read_trial(record)
    if trial.number != number:
        raise DataError(f"{record} is no record of trial {number}: it holds trial {trial.number}.")
    if trial.is_finished != finished:
        raise DataError(f"{record} is no record of a {'finished' if finished else 'running'} trial: it is {trial.state}.")
    return trial


def _set_aside(path: Path) -> str:
    """Rename `path` to a free name, and say so."""
    count = 1
    while (aside := path.with_name(f"{path.name}.damaged-{count}")).exists():
        count += 1
    try:
        path.rename(aside)
    except OSError as error:
        return f"It is ignored; it could not be renamed: {error.strerror}."
    return f"It is now called {aside.name}; the trial is run again."
