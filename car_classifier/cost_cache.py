"""Costs of models, kept on disk so that they are counted once."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError
from car_classifier.base.files import read_json, write_json

FORMAT = 1
FIGURES = {"parameters": int, "trainable_parameters": int, "gflops": float}
CHECKOUT = Path(__file__).parent.parent


class CostCache:
    """A file of costs by model, number of classes and picture size.

    They hold for the source files of `models/` and `layers/` and the version of Keras that they were counted with; with
    others the file counts as empty, and so does a damaged one, since everything in it can be counted again.

    Args:
        path: the file; it need not exist.
    """

    def __init__(self, path: Path):
        self._path = path
        self._fingerprint = source_fingerprint()
        self._costs = self._read()

    def get(self, name: str, num_classes: int, image_size: int) -> dict[str, Any] | None:
        """Return parameters, trainable_parameters and gflops, or None when they were never counted."""
        return self._costs.get(_key(name, num_classes, image_size))

    def put(self, name: str, num_classes: int, image_size: int, cost: dict[str, Any]) -> None:
        """Keep `cost` in the file, written atomically.

        Raises:
            OSError: the folder cannot be written to.
            ResourceError: the disk is full.
        """
        self._costs[_key(name, num_classes, image_size)] = cost
        write_json(self._path, {"format": FORMAT, "fingerprint": self._fingerprint, "costs": self._costs})

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            stored = read_json(self._path)
        except (DataError, OSError):
            return {}
        if not isinstance(stored, dict) or (stored.get("format"), stored.get("fingerprint")) != (FORMAT, self._fingerprint):
            return {}
        costs = stored.get("costs")
        return {key: cost for key, cost in costs.items() if _is_cost(cost)} if isinstance(costs, dict) else {}


def source_fingerprint() -> str:
    """Return the SHA-256 of what decides the costs: the files of `models/` and `layers/`, and the version of Keras."""
    digest = hashlib.sha256(version("keras").encode())
    for folder in ("models", "layers"):
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            digest.update(f"\0{path.relative_to(CHECKOUT)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _key(name: str, num_classes: int, image_size: int) -> str:
    return f"{name} {num_classes} classes {image_size} pixels"


def _is_cost(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == FIGURES.keys()
        and all(type(value[name]) is kind for name, kind in FIGURES.items())
    )
