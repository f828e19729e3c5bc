"""Every picture file decoded once, in parallel and remembered: what it is, or why it cannot be used."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from car_classifier.base.errors import PictureError
from data.inspection_memory import InspectionMemory, Verdict, times_of
from data.machine import num_processors
from data.near_hashes import Pairs, near_hashes
from data.picture import decode_content, read_picture_file
from data.picture_facts import PictureFacts, digest_of, facts_of

_SECONDS_BETWEEN_SAVES = 20


@dataclass(frozen=True)
class Inspection:
    """What became known of files, in the order in which they were given.

    Args:
        facts: of files that can be used.
        bad: reasons why the others cannot.
        near: pairs of perceptual hashes of pictures that show nearly the same.
    """

    facts: dict[Path, PictureFacts]
    bad: dict[Path, str]
    near: Pairs = ()


def inspect_pictures(
    paths: Sequence[Path],
    *,
    max_megapixels: float,
    threads: int | None = None,
    memory_file: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Inspection:
    """Decode every file that is not known yet.

    Args:
        threads: None takes one per processor.
        memory_file: what former calls found (see `InspectionMemory`); brought up to date every few seconds and at the end,
            however it comes.
        progress: called with the number of files checked and the number to check.
    """
    memory = InspectionMemory(memory_file, max_megapixels=max_megapixels)
    verdicts = {path: memory.recall(path) for path in paths}
    unknown = [path for path, verdict in verdicts.items() if verdict is None]
    if unknown:
        inspector = _Inspector(memory, max_megapixels)
        verdicts |= inspector.inspect(unknown, threads or num_processors(), progress)
    facts = {path: verdict for path, verdict in verdicts.items() if isinstance(verdict, PictureFacts)}
    bad = {path: verdict for path, verdict in verdicts.items() if isinstance(verdict, str)}
    memory.forget_gone(besides=facts)
    near = _near(facts, memory)
    memory.save()
    return Inspection(facts, bad, near)


def _near(facts: dict[Path, PictureFacts], memory: InspectionMemory) -> Pairs:
    hashes = sorted({picture.perceptual_hash for picture in facts.values() if picture.perceptual_hash is not None})
    near = memory.recall_near(hashes)
    if near is None:
        near = near_hashes(hashes)
        memory.remember_near(hashes, near)
    return near


class _Inspector:
    def __init__(self, memory: InspectionMemory, max_megapixels: float):
        self._memory, self._max_megapixels = memory, max_megapixels

    def inspect(self, paths: list[Path], threads: int, progress: Callable[[int, int], None] | None) -> dict[Path, Verdict]:
        verdicts, saved = {}, time.monotonic()
        pool = ThreadPoolExecutor(threads)
        try:
            for done, (path, found) in enumerate(zip(paths, pool.map(self._inspect_file, paths), strict=True), start=1):
                times, digest, verdicts[path] = found
                if digest is not None:
                    self._memory.remember(path, times, digest, verdicts[path])
                if progress is not None:
                    progress(done, len(paths))
                if time.monotonic() - saved > _SECONDS_BETWEEN_SAVES:
                    self._memory.save()
                    saved = time.monotonic()
        finally:  # an interruption neither waits for the rest nor loses what is known
            pool.shutdown(cancel_futures=True)
            self._memory.save()
        return verdicts

    def _inspect_file(self, path: Path) -> tuple[list[int], str | None, Verdict]:
        """Return times, digest (None of a file that cannot be read) and verdict; the memory is only read here, in a thread."""
        times = times_of(path)
        try:
            content = read_picture_file(path, max_megapixels=self._max_megapixels)
        except PictureError as error:
            return times, None, error.reason
        digest = digest_of(content)
        return times, digest, self._memory.recall_content(digest) or self._decode(content, path, digest)

    def _decode(self, content: bytes, path: Path, digest: str) -> Verdict:
        try:
            return facts_of(decode_content(content, path, max_megapixels=self._max_megapixels), digest)
        except PictureError as error:
            return error.reason
