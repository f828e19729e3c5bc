"""Whether a file is a picture, by its first bytes: endings lie, or are missing."""

import os
import re
import stat
from pathlib import Path

_START = 32  # bytes that tell
_READ = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0", re.DOTALL)
_TIFF = re.compile(rb"II[*+]\0|MM\0[*+]")
_NOT_READ = {
    "HEIC": re.compile(rb"....ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1)", re.DOTALL),
    "AVIF": re.compile(rb"....ftypavi[fs]", re.DOTALL),
    "JPEG 2000": re.compile(rb"\0\0\0\x0cjP  "),
    "JPEG XL": re.compile(rb"\0\0\0\x0cJXL "),
}


def unread_format(start: bytes) -> str | None:
    """Return the name of a format of pictures that `decode_picture` does not read; None for all others.

    Args:
        start: the first 12 bytes of a file, or more.
    """
    return next((name for name, pattern in _NOT_READ.items() if pattern.match(start)), None)


def looks_like_picture(path: Path) -> bool:
    """Say whether the first bytes of a file, whatever it is called, are those of a picture that can be read.

    A file that begins like a TIFF is one only without an ending: raw files of cameras begin so too, and what is read of
    them would be a thumbnail.
    """
    start = first_bytes(path)
    return _READ.match(start) is not None or (not path.suffix and _TIFF.match(start) is not None)


def why_not_read(path: Path) -> str | None:
    """Return why a file that seems to be a picture is none that can be read, as a phrase; None where it seems to be none."""
    start = first_bytes(path)
    if name := unread_format(start):
        return f"{name} is not read; convert it to JPEG"
    if path.suffix and _TIFF.match(start):
        return f"it begins like a TIFF, but is called {path.suffix} (the raw file of a camera?); convert it to JPEG"
    return None


def first_bytes(path: Path) -> bytes:
    """Return the beginning of a regular file; nothing of one that cannot be opened, or is something else."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # to open a pipe would wait for ever
            return b""
        with open(path, "rb") as file:
            return file.read(_START)
    except OSError:  # whoever decodes it, or names it as no picture, says so
        return b""
