"""Pickled batches of CIFAR, read without running anything that is in them."""

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.errors import DataError

MOST_BYTES = 256 * 2**20  # the largest, the training pictures of CIFAR-100, has 155 MB
SIDE = 32


class _Description:
    """Stands for an array, or the type of its numbers: keeps what the pickle says of it, and does nothing."""

    def __init__(self, *arguments: Any):
        self.arguments = arguments
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    """Knows the three names by which NumPy pickles an array, and gives for each a mere description."""

    NAMES = frozenset((
        ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"), ("numpy", "ndarray"),
        ("numpy", "dtype"),
    ))

    def find_class(self, module: str, name: str) -> type[_Description]:
        if (module, name) not in self.NAMES:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return _Description


def read_batch(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures uint8 [N, 32, 32, 3] in RGB and labels int64 [N] of a batch in the version for Python.

    Raises:
        DataError: the file cannot be read or is no such batch.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError("it is too large")
        return _arrays(_Unpickler(io.BytesIO(content), encoding="bytes").load())
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except (  # what the unpickler raises on damaged files
        pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, LookupError, ImportError, OverflowError,
        MemoryError, RecursionError,
    ) as error:
        raise DataError(
            f"{path} is no batch of CIFAR: {error}. Expected: a pickled dictionary of 'data' and 'labels' and nothing else. "
            "Fetch it again, or give class folders of picture files instead."
        ) from error


def _arrays(batch: Any) -> tuple[np.ndarray, np.ndarray]:
    labels = batch.get(b"labels", batch.get(b"fine_labels"))
    _, shape, number_type, fortran, content = batch[b"data"].state
    if number_type.arguments[0] not in (b"u1", "u1") or fortran or shape != (len(labels), 3 * SIDE * SIDE):
        raise ValueError(f"its pictures have the shape {shape}")
    pictures = np.frombuffer(content, np.uint8).reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)
    return pictures, np.array(labels, np.int64)
