"""Every error that this program raises on purpose.

CarClassifierError                 exit status 1
├── UserError                      2    an option, a name or a setting is wrong
│   ├── UnknownNameError           2    no such model, data set, engine, …
│   └── DivergedError              2    the loss of a training is no number
├── DataError                      3    pictures, annotations or records are bad
│   └── PictureError               3    one picture file cannot be used
├── ResourceError                  4    out of memory or disk
├── SearchBug                      1    what a search runs raised an error that is none of these
├── RunInUseError                  75   another process works on the run
└── InterruptedRun                 130  stopped by the user or the system; the same command continues
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

MOST_NAMES = 24  # a longer table is not listed whole
OUT_OF_MEMORY = ("MemoryError", "ResourceExhaustedError", "OutOfMemoryError")  # of Python, TensorFlow and PyTorch


class CarClassifierError(Exception):
    """Base of all errors of this program; `exit_status` is what the command line ends with."""

    exit_status = 1


class UserError(CarClassifierError):
    """The user asked for something that cannot be; the message says what to do instead."""

    exit_status = 2


class UnknownNameError(UserError):
    """A name is not in its table; the message lists the known names (of a long table the nearest ones)."""

    def __init__(self, kind: str, name: str, known: Iterable[str]):
        known = list(known)
        nearest = _abbreviated(name, known) or get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        shown = known if len(known) <= MOST_NAMES else get_close_matches(name, known, n=8, cutoff=0.0)
        shown = shown if shown is known else list(dict.fromkeys([*nearest, *shown]))
        title = "Known" if shown is known else f"Nearest of {len(known)}"
        super().__init__(f"Unknown {kind} {name!r}.{hint}\n{title}: {', '.join(shown)}.")


def _abbreviated(name: str, known: list[str]) -> list[str]:
    """Return the names of which the last part is abbreviated by that of `name`: "lr" for "training.learning_rate"."""
    short = name.rpartition(".")[2]
    words = {full: full.rpartition(".")[2].split("_") for full in known}
    return [full for full, parts in words.items() if len(parts) > 1 and "".join(part[:1] for part in parts) == short][:1]


class DivergedError(UserError):
    """The loss of a training is no longer a number."""


class DownloadError(UserError):
    """A file could not be fetched; the message says where to get it and where to put it."""


class DataError(CarClassifierError):
    """Pictures, annotations or stored records are missing or wrong; the message names the file."""

    exit_status = 3


class PictureError(DataError):
    """One picture file cannot be used.

    Args:
        path: the file.
        reason: why, as a short phrase without the file's name.
    """

    def __init__(self, path: Path | str, reason: str):
        super().__init__(f"{path}: {reason}")
        self.path = Path(path)
        self.reason = reason

    def __reduce__(self):
        return type(self), (self.path, self.reason)


class ResourceError(CarClassifierError):
    """Memory or disk ran out; finished work is safe."""

    exit_status = 4


class SearchBug(CarClassifierError):
    """A trial, or what all trials share, failed as no correct program does; the message holds the worker's traceback."""


class RunInUseError(CarClassifierError):
    """Another process works in the same folder."""

    exit_status = 75


class InterruptedRun(CarClassifierError):
    """A signal stopped the work; what was finished is stored and the same command continues.

    Args:
        message: what to type to continue.
        signal_number: 2 (Ctrl-C) or 15 (terminated); the exit status is 128 plus this number.
    """

    def __init__(self, message: str, signal_number: int = 2):
        super().__init__(message)
        self.exit_status = 128 + signal_number


@contextmanager
def naming(place: str) -> Iterator[None]:
    """Let a mistake that is found in the block be told with the place where the user made it.

    Args:
        place: a file, a variant, a key.
    """
    try:
        yield
    except UserError as error:
        raise UserError(f"{place}: {error}") from error


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an error of Python or of a backend means that memory ran out."""
    return type(error).__name__ in OUT_OF_MEMORY or "RESOURCE_EXHAUSTED" in str(error)
