"""The record of augmented copies: a journal while they are made, a manifest when all are there."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import read_json, write_text

FORMAT = 1
FOLDER = "augmented"  # beside the originals
MANIFEST, JOURNAL = "manifest.json", "journal.jsonl"

# What is noted of an original: "original" (place, "/" between folders), "box", "class"; "bytes" and "sha256"; "width" and
# "height" of its copies, and "copies": a list of "file", "bytes", "sha256". One that cannot be used has a "reason" instead.
Row = dict[str, Any]

_COPY = re.compile(r"pictures/[0-9a-f]/[0-9a-f]{16}_[0-9]+\.jpg")  # whatever else a record names is neither read nor deleted


def holds_copies(folder: Path) -> bool:
    """Say whether `folder` is that in which `data augment` puts copies beside the originals."""
    records = (place / name for place in folder.glob("*/") for name in (MANIFEST, JOURNAL))
    return folder.name == FOLDER and any(record.is_file() for record in records)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the content of the manifest.

    Raises:
        DataError: there is none, the copies are not finished, or it has another format or names files that are no copies.
    """
    if not (folder / MANIFEST).is_file():
        if (folder / JOURNAL).is_file():
            raise DataError(f"The copies in {folder} are not finished. Type the command `data augment` that began them again.")
        raise DataError(f"{folder} holds no augmented copies ({MANIFEST} is missing). Make them with `data augment`.")
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise DataError(f"{folder / MANIFEST} has format {found}; this program reads format {FORMAT}.")
    _refuse_other_files(folder / MANIFEST, manifest["originals"] + manifest["skipped"])
    return manifest


def _refuse_other_files(record: Path, rows: Iterable[Row]) -> None:
    for file in (copy["file"] for row in rows for copy in row.get("copies", ())):
        if not isinstance(file, str) or not _COPY.fullmatch(file):
            raise DataError(
                f"{record} names {file!r}, which `data augment` did not write. Expected: pictures/0/0123456789abcdef_1.jpg and "
                "the like.\nMake the copies again in another folder."
            )


class CopyRecord:
    """What is known of the copies in a folder; a crash at any instant leaves a record that can be gone on with.

    Args:
        folder: of the copies, locked by the caller.
        settings: of the copies, built-in types.

    Raises:
        UserError: the folder holds copies made with other settings, or something else.
        DataError: the record names files that are no copies.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]):
        self._folder, self._settings = folder, settings
        self.is_finished = (folder / MANIFEST).is_file()
        manifest = read_manifest(folder) if self.is_finished else None
        begun = self._read_journal()
        self._check(manifest and manifest["settings"], begun[0] if begun else None)
        rows = [*(manifest["originals"] + manifest["skipped"] if manifest else ()), *begun[1:]]
        self.rows = {key_of(row["original"], row["box"], row["class"]): row for row in rows}
        self._journal = None

    def add(self, rows: list[Row]) -> None:
        """Note originals whose copies are written."""
        if not rows:
            return
        if self._journal is None:
            self._journal = self._open_journal()
        self._journal.write("".join(json.dumps(row) + "\n" for row in rows))
        self._journal.flush()

    def finish(self, name: str, rows: dict[str, Row]) -> None:
        """Write the manifest with these rows; the journal goes, and the copies that only other rows name."""
        rows, others = rows.values(), [row for key, row in self.rows.items() if key not in rows]
        head = {"format": FORMAT, "data": name, "settings": self._settings,
                "skipped": [row for row in rows if "reason" in row]}
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows if "reason" not in row)
        text = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
        write_text(self._folder / MANIFEST, f'{text},\n "originals": [\n{lines}\n ]\n}}\n')
        self.close()
        (self._folder / JOURNAL).unlink(missing_ok=True)
        for copy in (copy for row in others for copy in row.get("copies", ())):
            (self._folder / copy["file"]).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _open_journal(self) -> Any:
        path = self._folder / JOURNAL
        torn = path.is_file() and not path.read_bytes().endswith(b"\n")
        is_new = not path.is_file() or path.stat().st_size == 0
        journal = open(path, "a", encoding="utf-8")
        if torn:
            journal.write("\n")
        if is_new:
            journal.write(json.dumps({"format": FORMAT, "settings": self._settings}) + "\n")
        return journal

    def _read_journal(self) -> list[Row]:
        """The lines of the journal; those that a crash has torn are left out."""
        path = self._folder / JOURNAL
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        rows = []
        for line in lines:
            try:
                rows.append(json.loads(line))
            except ValueError:
                continue
        _refuse_other_files(path, rows)
        return rows

    def _check(self, finished: dict[str, Any] | None, begun: Row | None) -> None:
        for found in (finished, begun and begun.get("settings")):
            if found is not None and found != self._settings:
                different = [name for name, value in self._settings.items() if found.get(name) != value]
                raise UserError(
                    f"{self._folder} holds copies made with other settings ({', '.join(different)}).\n"
                    "Give another --output, or delete that folder."
                )
        known = (".lock", MANIFEST, JOURNAL, "pictures")
        strange = [] if finished or begun else [entry.name for entry in self._folder.iterdir() if entry.name not in known]
        if strange:
            raise UserError(f"{self._folder} holds other files, such as {strange[0]}. Give an empty folder with --output.")


def key_of(place: str, box: list[float] | None, class_name: str) -> str:
    """Return what tells an original from others: a file may show several things, each in its box."""
    return json.dumps([place, box, class_name])
