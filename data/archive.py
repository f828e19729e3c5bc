"""Archives of strangers, unpacked by our own rules."""

import hashlib
import lzma
import os
import re
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from filelock import FileLock

from car_classifier.base.errors import DataError
from car_classifier.base.files import sync_folder
from car_classifier.base.full_disk import full_disk_named
from data.tar_stream import open_tar_stream

ENDINGS = re.compile(r"\.(zip|tar|tar\.(gz|xz|bz2)|tgz|txz|tbz2?)$", re.IGNORECASE)
MOST_FILES = 500_000
MOST_BYTES = 64 * 2**30
CHUNK = 2**20
_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError,
    struct.error, LookupError, OverflowError,
)


def is_archive(path: Path) -> bool:
    """Say whether a file is called like an archive that `unpack` reads."""
    return ENDINGS.search(path.name) is not None


def archive_stem(path: Path) -> str:
    """Return the name of an archive without its ending."""
    return ENDINGS.sub("", path.name) or path.name


def unpack_once(archive: Path, home: Path, *, told: Callable[[Path], None]) -> Path:
    """Unpack an archive into a folder of its own under `home`, unless that has been done since it last changed.

    Args:
        told: called with that folder before work begins that may take minutes.

    Returns:
        The folder with its content; the one inside, where the archive holds a single folder and nothing beside it.
    """
    status = archive.stat()
    state = f"{archive.resolve()}|{status.st_size}|{status.st_mtime_ns}"
    target = home / f"{archive_stem(archive)[:80]}-{hashlib.sha256(state.encode('utf-8', 'replace')).hexdigest()[:12]}"
    if not target.exists():
        told(target)
        unpack(archive, target)
    entries = [entry for entry in target.iterdir() if not entry.name.startswith((".", "__MACOSX"))]
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else target


def unpack(archive: Path, target: Path, *, max_files: int = MOST_FILES, max_bytes: int = MOST_BYTES) -> None:
    """Unpack the regular files of a zip or tar archive (plain, gz, xz or bz2) into the new folder `target`.

    The folder appears when all is there. Anything but files and folders inside the archive refuses it as a whole: links,
    devices, paths that are absolute, contain '..' or a drive, names that are there twice, and encrypted files. Sizes are
    counted as they are written, whatever the archive says of them; a zip that says itself that it holds too much is refused
    before anything is written.

    Args:
        target: must not exist, or have been unpacked by another process meanwhile.
        max_files: most entries of the archive.
        max_bytes: most bytes that its files may have together.

    Raises:
        DataError: the archive is damaged, unsafe or too large; the message names the entry.
        ResourceError: the disk is full.
    """
    temporary = target.parent / f".{target.name}.unpacking"
    try:
        with full_disk_named(f"{archive} could not be unpacked into {target}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(target.parent / f".{target.name}.lock"):
                if not target.exists():
                    _unpack(_Unpacking(archive, temporary, max_files, max_bytes), temporary, target)
    except _DAMAGED as error:
        raise DataError(f"{archive} is damaged or no archive that can be read: {error}. Fetch it again.") from error
    except OSError as error:
        raise DataError(f"{archive} cannot be unpacked into {target}: {error}.") from error


def _unpack(unpacking: "_Unpacking", temporary: Path, target: Path) -> None:
    try:
        shutil.rmtree(temporary, ignore_errors=True)  # of a process that was killed
        temporary.mkdir()
        unpacking.run()
        os.sync()  # one for all files; else a crash could leave the new name with empty files behind it
        os.rename(temporary, target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class _Unpacking:
    """One archive on its way into a folder."""

    def __init__(self, archive: Path, folder: Path, max_files: int, max_bytes: int):
        self._archive, self._folder = archive, folder
        self._max_files, self._max_bytes = max_files, max_bytes
        self._num_entries = self._num_bytes = 0

    def run(self) -> None:
        entries = self._of_zip() if self._archive.suffix.lower() == ".zip" else self._of_tar()
        for name, content in entries:
            self._num_entries += 1
            self._check_entries(self._num_entries)
            place = self._place(name)
            if content is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                self._write(content, place, name)

    def _of_zip(self) -> Iterator[tuple[str, BinaryIO | None]]:
        with zipfile.ZipFile(self._archive) as archive:
            infos = archive.infolist()
            self._check_entries(len(infos))  # known at once; to find it out by writing may take minutes
            self._check_bytes(sum(info.file_size for info in infos))
            for info in infos:
                kind = stat.S_IFMT(info.external_attr >> 16)
                if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise self._refusal(f"holds {info.filename!r}, which is a link or device")
                name = info.filename.replace("\\", "/")  # some programs for Windows write paths so
                if info.is_dir() or kind == stat.S_IFDIR:
                    yield name, None
                else:
                    with archive.open(info) as content:
                        yield name, content

    def _of_tar(self) -> Iterator[tuple[str, BinaryIO | None]]:
        with open_tar_stream(self._archive, self._max_bytes) as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            for info in archive:
                if info.isdir():
                    yield info.name, None
                elif info.isreg() and not info.issparse():
                    yield info.name, archive.extractfile(info)
                else:
                    raise self._refusal(f"holds {info.name!r}, which is a link, device or sparse file")
                archive.members.clear()  # else it remembers every entry
            stream.check_end(archive.offset)

    def _place(self, name: str) -> Path:
        path = Path(name)
        outside = path.is_absolute() or ".." in path.parts
        if outside or PureWindowsPath(name).drive or PureWindowsPath(name).root or "\0" in name:
            raise self._refusal(f"holds {name!r}, a path that leads out of the folder it is unpacked into")
        return self._folder / path

    def _write(self, content: BinaryIO, place: Path, name: str) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(place, "xb") as file:
                while chunk := content.read(CHUNK):
                    self._num_bytes += len(chunk)
                    self._check_bytes(self._num_bytes)
                    file.write(chunk)
        except FileExistsError as error:
            raise self._refusal(f"holds {name!r} twice") from error

    def _check_entries(self, number: int) -> None:
        if number > self._max_files:
            raise self._refusal(f"holds more than {self._max_files:,} entries")

    def _check_bytes(self, number: int) -> None:
        if number > self._max_bytes:
            raise self._refusal(f"unpacks to more than {self._max_bytes:,} bytes")

    def _refusal(self, problem: str) -> DataError:
        return DataError(
            f"{self._archive} {problem}. Expected: regular files and folders only, at most {self._max_files:,}, and "
            f"{self._max_bytes / 2**30:,.3g} GB unpacked. Unpack it yourself, look at it, and give the folder instead."
        )
