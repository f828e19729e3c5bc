"""Two generations of training state on disk, each complete or not there."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from car_classifier.base.errors import DataError
from car_classifier.base.files import sha256_of_file, write_bytes, write_text
from car_classifier.training.variables import Arrays

FORMAT = 1
GENERATIONS = 2


class CheckpointStore:
    """Writes and reads the states of one training in a folder.

    Arrays lie in files named by their content, so what does not change (the weights a phase began with, the best so far) is
    written once. A manifest `generation-NNNNNN.json` names the files of one state with their SHA-256 and holds everything
    that is no array; it is written last. A damaged newest generation is passed over for the one before.

    Args:
        folder: made when missing.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._generation = max([_number(path) for path in self._manifests()], default=0)
        self.damaged: list[str] = []

    def put(self, arrays: Arrays) -> str:
        """Store `arrays` and return the file's name, by which `save` refers to them."""
        content = save({name: np.asarray(array, order="C") for name, array in arrays.items()})
        name = f"{hashlib.sha256(content).hexdigest()}.safetensors"
        if not self._is_intact(name):  # a damaged file of that name is written anew
            write_bytes(self._folder / name, content)
        return name

    def save(self, files: dict[str, str], state: dict[str, Any]) -> None:
        """Make `files` (role to name, from `put`) and `state` (JSON) the newest generation; drop all but the last two."""
        self._generation += 1
        content = json.dumps({"format": FORMAT, "files": files, "state": state}, allow_nan=False)
        checksum = hashlib.sha256(content.encode()).hexdigest()
        write_text(self._folder / f"generation-{self._generation:06d}.json", f"{checksum}\n{content}\n")
        self._drop_old()

    def load(self) -> tuple[dict[str, str], dict[str, Any]] | None:
        """Return files and state of the newest undamaged generation; None when there is none.

        What was passed over is named in `damaged`.
        """
        for path in sorted(self._manifests(), reverse=True):
            found = self._read(path)
            if found is not None:
                return found
            self.damaged.append(path.name)
            path.unlink()  # so that two generations that can be read are kept again
        return None

    def get(self, name: str) -> Arrays:
        """Return the arrays that `put` stored under `name`.

        Raises:
            DataError: the file was damaged since the state was loaded.
        """
        content = (self._folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != Path(name).stem:
            raise DataError(f"{self._folder / name} is damaged. Type the same command again: it goes on from an older state.")
        return load(content)

    def _manifests(self) -> list[Path]:
        return list(self._folder.glob("generation-*.json"))

    def _read(self, path: Path) -> tuple[dict[str, str], dict[str, Any]] | None:
        try:
            checksum, content = path.read_text(encoding="utf-8").split("\n", 1)
        except (ValueError, OSError):
            return None
        content = content.rstrip("\n")
        if hashlib.sha256(content.encode()).hexdigest() != checksum:
            return None
        manifest = json.loads(content)
        if manifest["format"] != FORMAT:
            raise DataError(f"{path} has format {manifest['format']}; this program reads format {FORMAT}.")
        if not all(self._is_intact(name) for name in manifest["files"].values()):
            return None
        return manifest["files"], manifest["state"]

    def _is_intact(self, name: str) -> bool:
        path = self._folder / name
        return path.is_file() and sha256_of_file(path) == path.stem

    def _drop_old(self) -> None:
        manifests = sorted(self._manifests())
        for path in manifests[:-GENERATIONS]:
            path.unlink()
        text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in manifests[-GENERATIONS:])
        for path in self._folder.glob("*.safetensors"):
            if path.name not in text:
                path.unlink()


def _number(manifest: Path) -> int:
    digits = manifest.stem.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0
