"""What earlier inspections found, in one file: by content, and by place and time so that unchanged files are not even read."""

import json
import os
from collections.abc import Collection, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError
from car_classifier.base.files import read_json, write_text
from data.near_hashes import MAX_DISTANCE, Pairs
from data.picture_facts import PictureFacts, digest_of

FORMAT = 2
_NONE_COMPARED = ""

Verdict = PictureFacts | str  # the facts of a picture, or the reason why the file cannot be used


class InspectionMemory:
    """Verdicts on files, kept between runs.

    A file counts as unchanged while path, size and both its times (of writing, of change) are the same; one that was copied,
    moved or touched is read, and recognised by its bytes.

    Args:
        path: JSON file, made by `save`; a damaged one, or one of another decoder or size limit, is forgotten. None keeps
            nothing between runs.
        max_megapixels: limit that the verdicts hold for.
    """

    def __init__(self, path: Path | None, *, max_megapixels: float):
        self._path = path
        self._head = {"format": FORMAT, "decoder": _decoder(), "max_megapixels": max_megapixels}
        self._files: dict[str, list] = {}
        self._contents: dict[str, Verdict] = {}
        self._near: tuple[str, Pairs] = (_NONE_COMPARED, ())
        self._changed = False
        if path is not None:
            self._load(path)

    def recall(self, path: Path) -> Verdict | None:
        """Return the verdict on an unchanged file; None when it is unknown."""
        *times, digest = self._files.get(os.path.abspath(path), [None])
        return self._contents.get(digest) if times and times == times_of(path) else None

    def recall_content(self, digest: str) -> Verdict | None:
        """Return the verdict on a file with these bytes; None when it is unknown."""
        return self._contents.get(digest)

    def remember(self, path: Path, times: list[int], digest: str, verdict: Verdict) -> None:
        """Keep a verdict on a file.

        Args:
            times: as `times_of` gave them before the file was read.
        """
        self._files[os.path.abspath(path)] = [*times, digest]
        self._contents[digest] = verdict
        self._changed = True

    def forget_gone(self, *, besides: Collection[Path]) -> None:
        """Forget files that are no longer there.

        Args:
            besides: files that are known to be there.
        """
        there = {os.path.abspath(path) for path in besides}
        gone = [file for file in self._files.keys() - there if not os.path.exists(file)]
        for file in gone:
            del self._files[file]
        self._changed |= bool(gone)

    def recall_near(self, hashes: Sequence[str]) -> Pairs | None:
        """Return the pairs of near hashes; None unless just these hashes were compared last."""
        of, pairs = self._near
        return pairs if of == _digest_of(hashes) else None

    def remember_near(self, hashes: Sequence[str], pairs: Pairs) -> None:
        """Keep the pairs that were found among these hashes."""
        self._near = (_digest_of(hashes), pairs)
        self._changed = True

    def save(self) -> None:
        """Write the file, atomically, if anything is new; contents that no file has any more are dropped."""
        if self._path is None or not self._changed:
            return
        used = {entry[-1] for entry in self._files.values()}
        contents = {digest: _packed(verdict) for digest, verdict in self._contents.items() if digest in used}
        near = {"of": self._near[0], "pairs": self._near[1]}
        write_text(self._path, json.dumps({**self._head, "files": self._files, "contents": contents, "near": near}))
        self._changed = False

    def _load(self, path: Path) -> None:
        try:
            stored = read_json(path)
            if {name: stored.get(name) for name in self._head} == self._head:
                self._contents = {digest: _unpacked(digest, value) for digest, value in stored["contents"].items()}
                self._files = dict(stored["files"])
                near = stored.get("near", {"of": _NONE_COMPARED, "pairs": []})
                self._near = (near["of"], tuple((str(one), str(other)) for one, other in near["pairs"]))
        except (DataError, AttributeError, KeyError, TypeError, ValueError):  # not there yet, or damaged: all is checked anew
            self._files, self._contents, self._near = {}, {}, (_NONE_COMPARED, ())


def _digest_of(hashes: Sequence[str]) -> str:
    return digest_of(f"{MAX_DISTANCE} {' '.join(hashes)}".encode())


def times_of(path: Path) -> list[int]:
    """Return size, time of writing and time of change of a file; empty when it is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _decoder() -> str:
    return ", ".join(f"{name} {version(name)}" for name in ("simplejpeg", "pillow"))


def _packed(verdict: Verdict) -> Any:
    if isinstance(verdict, str):
        return verdict
    return [verdict.width, verdict.height, verdict.perceptual_hash]


def _unpacked(digest: str, value: Any) -> Verdict:
    if isinstance(value, str):
        return value
    width, height, perceptual_hash = value
    return PictureFacts(width, height, digest, perceptual_hash)
