"""One trial as a file: a pickle of built-in types, which can be read without trusting whoever wrote it.

The file is a pickle of one dict, followed by the SHA-256 of its bytes (`pickle.load` stops before it). It is read in four
steps, each of which refuses the file: size, checksum, the list of opcodes, and the fields of the record. Only opcodes
that make built-in values are on the list. Those that fetch an earlier value are not: without them the content is never
larger than the file, and nothing can contain itself.
"""

import hashlib
import io
import pickle
import pickletools
from dataclasses import asdict
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import write_bytes
from search.trial import LARGEST, Suggestion, Trial, printable

FORMAT = 1
LARGEST_FILE = 1 << 20  # bytes; a trial of 1000 epochs takes about 10 KB
CHECKSUM_BYTES = hashlib.sha256().digest_size
PROTOCOL = 2  # later ones add only what a record has no need of
ALLOWED_OPCODES = frozenset((
    "PROTO", "STOP", "MARK", "NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE",
    "EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS",
))
# What the unpickler of the standard library raises when allowed opcodes stand in a wrong order.
BROKEN = (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, LookupError)


class _Unpickler(pickle.Unpickler):
    """Makes built-in values and refuses everything that has a name."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, key: Any) -> Any:
        raise pickle.UnpicklingError("it asks for something outside the file")


def write_trial(path: Path, trial: Trial) -> None:
    """Write a trial atomically.

    Raises:
        ResourceError: the disk is full.
        OSError: the folder cannot be written.
        ValueError: the trial could not be read back, because it is too large.
    """
    content = _to_bytes(trial)
    if len(content) > LARGEST_FILE:
        raise ValueError(f"trial {trial.number} takes {len(content)} bytes; a record has at most {LARGEST_FILE}")
    write_bytes(path, content)


def read_trial(path: Path) -> Trial:
    """Read a trial; whatever the file holds, none of it is executed.

    Raises:
        DataError: the file is missing, damaged, or no record of this program; the message says which.
        UserError: the system does not let us read it.
    """
    try:
        return _from_bytes(_content(path))
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    except BROKEN as error:
        raise DataError(f"{path} is no record of a trial: {printable(str(error))[:200]}.") from error


def _to_bytes(trial: Trial) -> bytes:
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=PROTOCOL)
    pickler.fast = True  # write equal texts twice, instead of fetching the first one
    pickler.dump({"format": FORMAT, **asdict(trial), "losses": list(trial.losses)})
    return buffer.getvalue() + hashlib.sha256(buffer.getvalue()).digest()


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise ValueError("it is no file")
    with open(path, "rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE} bytes")
    return content


def _from_bytes(content: bytes) -> Trial:
    if not content:
        raise ValueError("it is empty")
    pickled, checksum = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
    if hashlib.sha256(pickled).digest() != checksum:
        raise ValueError("its checksum is wrong (cut off or changed)")
    _check_opcodes(pickled)
    return _to_trial(_Unpickler(io.BytesIO(pickled)).load())


def _check_opcodes(pickled: bytes) -> None:
    for opcode, argument, position in pickletools.genops(pickled):
        if opcode.name not in ALLOWED_OPCODES:
            raise ValueError(f"it holds the opcode {opcode.name}, which no record needs")
        if opcode.name == "LONG1" and not -LARGEST < argument < LARGEST:
            raise ValueError("it holds a whole number of more than 64 bits")
        if opcode.name == "STOP" and position != len(pickled) - 1:
            raise ValueError("it goes on after its end")


def _to_trial(record: Any) -> Trial:
    if type(record) is not dict or type(record.get("suggestion")) is not dict:
        raise ValueError("it holds something else")
    if record.pop("format", None) != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}, the only one that this program reads")
    record.setdefault("head_epochs", 0)  # it came later than the format
    missing = [name for name in Trial.__dataclass_fields__ if name not in record]
    if missing:
        raise ValueError(f"it lacks {missing[0]!r}")
    return Trial(**{**record, "suggestion": Suggestion(**record["suggestion"])})
