"""Batches of CIFAR as their authors pickled them, with Python 2."""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def write_batch(path: Path, pictures: np.ndarray, labels: Sequence[int], *, label_key: bytes = b"labels") -> None:
    """Write a dictionary of pictures uint8 [N, 32, 32, 3], colours apart, and labels 0 to 255."""
    data = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)).reshape(len(pictures), -1)
    listed = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x80\x02}(" + _text(b"data") + _array(data) + _text(label_key) + listed + b"u.")


def _text(content: bytes) -> bytes:
    return b"T" + struct.pack("<i", len(content)) + content


def _array(data: np.ndarray) -> bytes:
    number_type = b"cnumpy\ndtype\n" + _text(b"u1") + b"K\0K\1\x87R(K\3" + _text(b"|") + b"NNN" + 2 * b"J\xff\xff\xff\xff"
    number_type += b"K\0tb"
    shape = b"".join(b"J" + struct.pack("<i", size) for size in data.shape) + b"\x86"
    empty = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85" + _text(b"b") + b"\x87R"
    return empty + b"(K\1" + shape + number_type + b"\x89" + _text(data.tobytes()) + b"tb"


def write_cifar10(folder: Path, per_batch: int = 10) -> None:
    """Write the six batches, with every label once in each ten pictures."""
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"):
        pictures = np.full((per_batch, 32, 32, 3), 128, np.uint8)
        write_batch(folder / "cifar-10-batches-py" / name, pictures, [number % 10 for number in range(per_batch)])
