"""Files that are either complete or not there, whenever the machine dies."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError
from car_classifier.base.full_disk import full_disk_named


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; on success it is fsynced and renamed to `path`.

    Args:
        path: the file to write; its folder is made when missing. The temporary name keeps the ending.

    Raises:
        ResourceError: the disk is full.
    """
    path = Path(path)
    temporary = None
    try:
        with full_disk_named(f"{path} could not be written"):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=f".tmp{path.suffix}", dir=path.parent)
            os.close(handle)
            temporary = Path(name)
            yield temporary
            _publish(temporary, path)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _publish(temporary: Path, path: Path) -> None:
    with open(temporary, "rb+") as file:
        os.fsync(file.fileno())
    os.chmod(temporary, 0o666 & ~_umask())
    os.replace(temporary, path)
    sync_folder(path.parent)


def _umask() -> int:
    value = os.umask(0o022)
    os.umask(value)
    return value


def sync_folder(folder: Path) -> None:
    """Make renames and deletions inside `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_bytes(path: Path | str, content: bytes) -> None:
    """Write `content` to `path` atomically."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path | str, text: str) -> None:
    """Write `text` to `path` atomically as UTF-8 with Unix line ends."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path | str, value: Any) -> None:
    """Write `value` to `path` atomically as indented JSON; NaN and infinity are refused."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path | str) -> Any:
    """Read a JSON file.

    Raises:
        DataError: the file is missing or is no JSON.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing.") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is damaged: it is no JSON ({error}).") from error


def sha256_of_file(path: Path | str) -> str:
    """Return the SHA-256 of a file's content as 64 hex digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
