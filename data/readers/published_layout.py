"""The form in which a data set is published: which files lie where."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from car_classifier.base.errors import DataError
from data.known_sets import KNOWN_SETS, import_command
from data.readers.contained_folder import is_named_like_picture
from data.readers.published_counts import PublishedCounts


@dataclass(frozen=True)
class PublishedLayout:
    """Files of a published data set, and how to tell that a folder is meant to hold them.

    Args:
        counts: name and numbers of the data set.
        inner: folders that its archive has above `files`.
        files: files and folders that must be there; two of the first three tell the layout.
        described: what is expected, for messages.
        pictures: folders of pictures that may be there.
    """

    counts: PublishedCounts
    inner: Sequence[str]
    files: Sequence[str]
    described: str
    pictures: Sequence[str] = ("images",)

    def is_in(self, folder: Path) -> bool:
        """Say whether a folder is meant to be in this layout, be it half unpacked; class folders may lie beside such files."""
        root = self.root(folder)
        return self._told_by(root) > 1 and ((root / self.files[-1]).exists() or not self._holds_other_pictures(root))

    def _holds_other_pictures(self, root: Path) -> bool:
        others = [place for place in root.iterdir() if place.is_dir() and place.name not in self.pictures]
        return any(is_named_like_picture(path) for place in others for depth in ("*", "*/*") for path in place.glob(depth))

    def root(self, folder: Path) -> Path:
        """Return the folder with the files: `folder`, or one further in, as in the archive."""
        places = [folder, *(folder / inner for inner in self.inner)]
        return max(places, key=self._told_by)

    def _told_by(self, place: Path) -> int:
        return sum((place / file).exists() for file in self.files[:3])

    def checked_root(self, folder: Path) -> Path:
        """Return the folder with all the files.

        Raises:
            DataError: some are missing; the message says which, and where they are published.
        """
        root, name = self.root(folder), self.counts.name
        missing = [file for file in self.files if not (root / file).exists()]
        if missing:
            raise DataError(
                f"{root} lacks {', '.join(missing)}. Expected, of {self.counts.title}: {self.described}.\n"
                f"It is published {KNOWN_SETS[name].publishers}.\n"
                f"What you have downloaded is put in its place by: {import_command(name, folder, 'FOLDER')}"
            )
        return root
