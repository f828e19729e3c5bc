"""Fetching a file from the network: soon given up where nobody answers, and complete or not there."""

import hashlib
import sys
import urllib.request
from concurrent.futures import Future
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

from car_classifier.base.files import atomic_path

SECONDS_TO_CONNECT = 10.0  # for the look-up of the name and the first answer, over all addresses of the server
SECONDS_OF_SILENCE = 60.0
CHUNK = 1 << 20


def download(url: str, path: Path, *, file_hash: str | None) -> None:
    """Fetch a file; a line on standard error says how far it is.

    Args:
        path: of the file; nothing appears there before all of it has come.
        file_hash: MD5 (32 hex digits) or SHA-256 of the file; None: unknown, then only its length is checked.

    Raises:
        OSError: nobody answers, or what came is not the whole file or another one.
        ResourceError: the disk is full.
    """
    try:
        print(f"Downloading {url}", file=sys.stderr)
        with _open(url) as source, atomic_path(path) as temporary:
            length = int(source.headers["Content-Length"] or 0)
            with open(temporary, "wb") as target:
                _copy(source, target, length)
            _check(temporary, length, file_hash)
    except HTTPException as error:
        raise OSError(f"the server broke off ({type(error).__name__})") from error


def _open(url: str) -> Any:
    """Return the server's answer. The look-up of a name obeys no time limit, so a thread waits for it, and may be left."""
    answer: Future[Any] = Future()

    def connect() -> None:
        try:
            answer.set_result(urllib.request.urlopen(url, timeout=SECONDS_OF_SILENCE))
        except Exception as error:
            answer.set_exception(error)

    Thread(target=connect, daemon=True).start()
    try:
        return answer.result(SECONDS_TO_CONNECT)
    except TimeoutError as error:
        raise OSError(f"no answer within {SECONDS_TO_CONNECT:.0f} s") from error


def _copy(source: BinaryIO, target: BinaryIO, length: int) -> None:
    done = 0
    while chunk := source.read(CHUNK):
        done += target.write(chunk)
        if length and sys.stderr.isatty():
            print(f"\r{done / length:4.0%} of {length / 1e6:.0f} MB", end="", file=sys.stderr, flush=True)
    if length and sys.stderr.isatty():
        print(file=sys.stderr)


def _check(path: Path, length: int, file_hash: str | None) -> None:
    received = path.stat().st_size
    if length and received != length:
        raise OSError(f"only {received} of {length} bytes came")
    if file_hash is not None and hash_of_file(path, file_hash) != file_hash:
        raise OSError("another file came, by its hash")


def hash_of_file(path: Path, like: str) -> str:
    """Return the MD5 or SHA-256 of a file, whichever `like` is by its length."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "md5" if len(like) == 32 else "sha256").hexdigest()
