"""The folder of a data set, out of which nothing leads."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from car_classifier.base.errors import DataError
from data.copy_record import holds_copies
from data.faults import Fault
from data.picture_kind import looks_like_picture
from data.readers.bad_entry import BadEntry

PICTURE_ENDINGS = frozenset((".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".bmp", ".gif", ".tif", ".tiff"))
SYSTEM_NAMES = frozenset(("__MACOSX", "@eaDir", "$RECYCLE.BIN", "Thumbs.db", "desktop.ini"))


@dataclass
class _Listing:
    folders: list[str] = field(default_factory=list)
    files: dict[str, None] = field(default_factory=dict)  # in order, and quick to look up
    refused: dict[str, BadEntry] = field(default_factory=dict)
    pictures: list[Path] | None = None  # not known before somebody asks


class ContainedFolder:
    """Lists the folders of a data set, each once, and finds files in them by the paths that annotations give.

    Hidden entries and those of the operating system are passed over. Links are followed only to places inside the folder;
    other links, entries that are neither file nor folder, and names that are no valid text are refused.

    Args:
        root: the folder of the data set.

    Raises:
        DataError: the folder cannot be read.
    """

    def __init__(self, root: Path):
        self.root = root
        self._real_root = os.path.realpath(root)
        self._listings: dict[Path, _Listing] = {}
        self._named: set[Path] = set()
        try:
            with os.scandir(root):
                pass
        except OSError as error:
            raise DataError(f"{root} cannot be read: {error.strerror}.") from error

    def folders(self, place: Path) -> list[Path]:
        """Return the folders in `place`, sorted by name."""
        return [place / name for name in self._listing(place).folders]

    def files(self, place: Path) -> list[Path]:
        """Return the regular files in `place`, sorted by name."""
        return [place / name for name in self._listing(place).files]

    def pictures(self, place: Path) -> list[Path]:
        """Return the files in `place` that are named like pictures, or begin like one, sorted by name."""
        listing = self._listing(place)
        if listing.pictures is None:
            listing.pictures = [path for path in self.files(place) if is_named_like_picture(path) or looks_like_picture(path)]
        return listing.pictures

    def refused(self, place: Path) -> Iterator[Fault]:
        """Yield a fault for `place` if it cannot be read, and for each entry of it that is refused."""
        for name, bad in self._listing(place).refused.items():
            yield Fault(bad.kind, str(place / name), bad.message, "left_out")

    def unnamed(self, place: Path) -> Iterator[Fault]:
        """Yield a fault for each picture in `place` that no call of `locate` has named."""
        for path in self.pictures(place):
            if path not in self._named:
                message = "No annotation that can be understood names this file. It is left out."
                yield Fault("file_without_annotation", str(path), message, "left_out")

    def locate(self, file: str) -> Path:
        """Return the place of the file that an annotation names.

        Args:
            file: path relative to the folder of the data set.

        Raises:
            BadEntry: the path is malformed, leaves the folder, or leads to nothing that can be a picture.
        """
        if not file or "\0" in file:
            raise BadEntry("annotation_malformed", f"It names no file. Received: {file!r}.")
        path = Path(file)
        if path.is_absolute() or PureWindowsPath(file).is_absolute() or ".." in path.parts:
            message = f"{file!r} leads out of {self.root}. Expected: a path inside it, without '..'."
            raise BadEntry("path_leaves_folder", message)
        return self._checked(self.root / path)

    def _checked(self, path: Path) -> Path:
        listing = self._listing(path.parent)
        bad = listing.refused.get(path.name) or listing.refused.get("")
        if bad is not None:
            raise BadEntry(bad.kind, f"{path}: {bad.message}")
        if path.name not in listing.files:
            raise BadEntry("file_missing", f"{path} is not there.")
        self._named.add(path)
        return path

    def _listing(self, place: Path) -> _Listing:
        if place not in self._listings:
            self._listings[place] = self._list(place)
        return self._listings[place]

    def _list(self, place: Path) -> _Listing:
        listing = _Listing()
        if not self._holds(place):
            listing.refused[""] = BadEntry("path_leaves_folder", f"This folder is a link that leads out of {self.root}.")
            return listing
        try:
            with os.scandir(place) as entries:
                visible = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in SYSTEM_NAMES]
        except (FileNotFoundError, NotADirectoryError):
            return listing
        except OSError as error:
            listing.refused[""] = BadEntry("folder_not_searched", f"The folder cannot be read: {error.strerror}.")
            return listing
        for entry in sorted(visible, key=lambda entry: entry.name):
            try:
                self._sort_in(entry, listing)
            except BadEntry as bad:
                listing.refused[entry.name] = bad
        return listing

    def _sort_in(self, entry: os.DirEntry, listing: _Listing) -> None:
        if not _is_text(entry.name):
            raise BadEntry("name_not_text", "The name is no valid UTF-8. Rename it.")
        if entry.is_symlink() and not os.path.exists(entry.path):
            raise BadEntry("file_missing", f"The link leads to {os.readlink(entry.path)!r}, where nothing is.")
        if entry.is_symlink() and not self._holds(entry.path):
            raise BadEntry("path_leaves_folder", f"The link leads out of {self.root}, to {os.readlink(entry.path)!r}.")
        if entry.is_dir() and holds_copies(Path(entry.path)):
            return  # the program's own, written by `data augment`
        if entry.is_dir():
            listing.folders.append(entry.name)
        elif entry.is_file():
            listing.files[entry.name] = None
        else:
            raise BadEntry("file_not_picture", "It is neither a file nor a folder.")

    def _holds(self, place: Path | str) -> bool:
        return os.path.commonpath((self._real_root, os.path.realpath(place))) == self._real_root


def is_named_like_picture(path: Path) -> bool:
    """Say whether the ending of a file is that of a picture."""
    return path.suffix.lower() in PICTURE_ENDINGS


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
