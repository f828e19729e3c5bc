"""A downloaded copy of a known data set, arranged as its reader wants it."""

import filecmp
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from filelock import FileLock

from car_classifier.base.errors import DataError
from car_classifier.base.files import atomic_path
from car_classifier.base.registry import check_name
from data.archive import archive_stem, is_archive, unpack
from data.cifar_batches import read_batch
from data.known_sets import KNOWN_SETS, KnownSet, Parts
from data.readers.cifar import write_class_folders

DEEPEST = 8  # folders inside one another that are searched


@dataclass
class ArrangedFiles:
    """What became of the files that were found.

    Args:
        linked, copied: put into the set's folder.
        written: pictures written from CIFAR's batches.
        present: were there already.
        kept: files in the set's folder that differ from the downloaded ones; they were not overwritten.
    """

    linked: int = 0
    copied: int = 0
    written: int = 0
    present: int = 0
    kept: list[Path] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many files of the set the sources hold."""
        return self.linked + self.copied + self.written + self.present + len(self.kept)


def arrange_files(name: str, sources: Sequence[Path], folder: Path, *, told: Callable[[Path], None]) -> ArrangedFiles:
    """Put what belongs to a known data set into `folder`: hard links where that is possible, else copies.

    Args:
        name: of the data set.
        sources: folders, archives, or single files; published archives inside these folders are unpacked too.
        folder: of the data set; what is there stays. Archives are unpacked beside it for the time being.
        told: called with each archive before it is unpacked, which may take minutes.

    Raises:
        UnknownNameError: there is no such data set.
        DataError: a source is not there, an archive cannot be unpacked, or nothing belongs to the data set.
    """
    known = KNOWN_SETS[check_name("data set", name, KNOWN_SETS)]
    missing = [str(source) for source in sources if not source.exists()]
    if missing:
        raise DataError(f"--from {', '.join(missing)}: there is no such folder or file.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unpacked = folder.parent / f".{folder.name}.importing"
    arranged = ArrangedFiles()
    with FileLock(folder.parent / f".{folder.name}.import.lock"):
        try:
            _arrange(known, list(_all_files(known, sources, unpacked, told)), folder, arranged)
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
    if not arranged.found:
        raise DataError(
            f"Nothing in {', '.join(map(str, sources))} belongs to {name}. Expected: files of the data set, as it is published "
            f"{known.publishers}."
        )
    return arranged


def _all_files(
    known: KnownSet, sources: Sequence[Path], unpacked: Path, told: Callable[[Path], None]
) -> Iterator[tuple[Parts, Path]]:
    """Every file with the parts of its path from its source on; archives give their content."""
    shutil.rmtree(unpacked, ignore_errors=True)  # of a process that was killed
    archives = [source for source in sources if source.is_file() and is_archive(source)]
    for source in sources:
        for parts, path in _files(source.resolve()):
            if path.name in known.archives and path not in archives:
                archives.append(path)
            elif path not in archives:
                yield parts, path
    for number, archive in enumerate(archives):
        place = unpacked / str(number) / archive_stem(archive)
        told(archive)
        unpack(archive, place)
        yield from _files(place)


def _files(source: Path) -> Iterator[tuple[Parts, Path]]:
    if source.is_file():
        yield (source.name,), source
    for place, folders, names in os.walk(source):
        inner = Path(place).relative_to(source).parts
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if len(inner) < DEEPEST else []
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                yield (source.name, *inner, name), path


def _arrange(known: KnownSet, files: Sequence[tuple[Parts, Path]], folder: Path, arranged: ArrangedFiles) -> None:
    for parts, path in files:
        place = known.destination(parts)
        if place is not None:
            _put(path, folder / place, arranged)
    if known.batches is not None and not arranged.found:
        _write_batches(known, {parts[-2:]: path for parts, path in files}, folder, arranged)


def _put(source: Path, place: Path, arranged: ArrangedFiles) -> None:
    if place.exists():
        if place.samefile(source) or filecmp.cmp(place, source, shallow=False):
            arranged.present += 1
        else:
            arranged.kept.append(place)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, place)
        arranged.linked += 1
    except OSError:  # another disk, or one that knows no links
        with atomic_path(place) as temporary:
            shutil.copyfile(source, temporary)
        arranged.copied += 1


def _write_batches(known: KnownSet, by_name: dict[Parts, Path], folder: Path, arranged: ArrangedFiles) -> None:
    wanted = [batch for batches in known.batches.values() for batch in batches]
    missing = [batch for batch in wanted if batch not in by_name]
    if len(missing) == len(wanted):
        return
    if missing:
        names = ", ".join("/".join(batch) for batch in missing)
        raise DataError(f"{names} is missing. Expected: all of {known.archives[0]}, as it is published {known.publishers}.")
    if (folder / "train").exists():
        arranged.present += len(wanted)
        return
    splits = {}
    for split, batches in known.batches.items():
        read = [read_batch(by_name[batch]) for batch in batches]
        splits[split] = tuple(np.concatenate(arrays) for arrays in zip(*read, strict=True))
        if not np.isin(splits[split][1], np.arange(len(known.class_names))).all():
            raise DataError(f"{by_name[batches[0]]} has labels outside 0 to {len(known.class_names) - 1}. Fetch it again.")
    write_class_folders(folder, splits, known.class_names)
    arranged.written = sum(len(labels) for _, labels in splits.values())
