"""The bytes of a tar file, decompressed, for a reader that trusts the numbers in it."""

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MOST_AT_ONCE = 16 * 2**20
MOST_OVERHEAD = 4  # headers and padding, as a multiple of what files may hold
BLOCK = 512
_OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


class TarStream:
    """A file-like object that refuses what would fill the memory, or go on for ever.

    `tarfile` reads extended headers whole, as large as they say they are; and it takes a damaged header for the end of the
    archive, which `check_end` finds.

    Args:
        file: of the archive, decompressed.
        max_bytes: most bytes up to the end.
    """

    def __init__(self, file: BinaryIO, max_bytes: int):
        self._file = file
        self._max_bytes = max_bytes

    def read(self, size: int = -1) -> bytes:
        """Return the next `size` bytes, fewer at the end.

        Raises:
            ValueError: too many at once or in all.
        """
        if not 0 <= size <= MOST_AT_ONCE:
            raise ValueError(f"a header says that it has {size:,} bytes")
        if self.tell() > self._max_bytes:
            raise ValueError(f"it goes on after {self._max_bytes:,} bytes")
        return self._file.read(size)

    def seek(self, place: int) -> int:
        """Go to a place, in bytes from the beginning."""
        return self._file.seek(min(place, self._max_bytes + 1))

    def tell(self) -> int:
        """Return the place, in bytes from the beginning."""
        return self._file.tell()

    def check_end(self, place: int) -> None:
        """Raise unless the archive ends at `place`: in a block of zeros, or with the file.

        Raises:
            ValueError: something else is there.
        """
        self.seek(place)
        block = self.read(BLOCK)
        if block.strip(b"\0") or len(block) not in (0, BLOCK):
            raise tarfile.ReadError(f"there is no valid header at byte {place:,}")


@contextmanager
def open_tar_stream(path: Path, max_bytes: int) -> Iterator[TarStream]:
    """Open a tar file, decompressing by its first bytes.

    Args:
        max_bytes: most bytes that its files may have together.
    """
    with open(path, "rb") as file:
        start = file.read(6)
    opener = next((opener for magic, opener in _OPENERS.items() if start.startswith(magic)), open)
    with opener(path, "rb") as file:
        yield TarStream(file, max_bytes * MOST_OVERHEAD + MOST_AT_ONCE)
