"""Variables out of MATLAB files of strangers."""

import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.errors import DataError

MOST_BYTES = 64 * 2**20  # the largest file of Stanford Cars unpacks to about 8 MB
DEEPEST = 4

# Numbers of the format's own tables: kinds of elements, then classes of arrays.
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "<i2", 4: "<u2", 5: "<i4", 6: "<u4", 7: "<f4", 9: "<f8", 12: "<i8", 13: "<u8"}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16-le", 16: "utf-8", 17: "utf-16-le", 18: "utf-32-le"}
_CELL, _STRUCT, _CHAR, _FIRST_NUMBER, _LAST_NUMBER = 1, 2, 4, 6, 15

_Element = tuple[int, memoryview]


def read_mat(path: Path, variable: str) -> Any:
    """Return a variable of a MATLAB file of version 5: numbers as a flat array, text as str, a cell array as a list, and an
    array of structures as a list of dicts.

    It reads what data sets hold, and nothing else, because `scipy.io.loadmat` is made for files of friends: some thousand
    cells inside one another end the whole process, and it unpacks without limit.

    Raises:
        DataError: the file cannot be read, is malformed or too large, or has no such variable.

    Reference: MATLAB, "MAT-File Format", level 5.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        return _find(content, variable)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, IndexError, LookupError, struct.error, zlib.error) as error:
        raise DataError(
            f"{path} is damaged or no MATLAB file with {variable!r}: {error}. Expected: a file of version 5 to 7, of at most "
            f"{MOST_BYTES // 2**20} MB. Fetch it again."
        ) from error


def _find(content: bytes, variable: str) -> Any:
    if len(content) > MOST_BYTES:
        raise ValueError("it is too large")
    if content[124:128] != b"\x00\x01IM":
        raise ValueError("it does not begin like one")
    for kind, body in _elements(memoryview(content)[128:]):
        if kind == _COMPRESSED:
            kind, body = next(_elements(_inflate(body)), (0, body))
        if kind == _MATRIX:
            parts = list(_elements(body))
            if bytes(parts[2][1]) == variable.encode():
                return _value(parts, 1)
    raise ValueError("there is no such variable")


def _inflate(body: memoryview) -> memoryview:
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(body, MOST_BYTES)
    if unpacker.unconsumed_tail:
        raise ValueError("it unpacks to too much")
    if not unpacker.eof:
        raise ValueError("it ends too early")
    return memoryview(content)


def _elements(body: memoryview) -> Iterator[_Element]:
    """Split into (kind, content); the size of a small element stands in the upper half of its kind."""
    place = 0
    while place < len(body):
        kind, size = struct.unpack_from("<II", body, place)
        begin, step = place + 8, 8 + size
        if kind >> 16:
            kind, size, begin, step = kind & 0xFFFF, kind >> 16, place + 4, 8
        if begin + size > len(body):
            raise ValueError("it ends too early")
        yield kind, body[begin : begin + size]
        place += step if kind == _COMPRESSED else step + -step % 8


def _value(parts: list[_Element], depth: int) -> Any:
    """The value of an array from its parts: flags, dimensions, name, then content."""
    if not parts:
        return np.empty(0)
    if depth > DEEPEST:
        raise ValueError("its arrays are nested too deeply")
    array_class, size = parts[0][1][0], math.prod(_numbers(parts[1]).tolist())
    if array_class == _CELL:
        return _nested(parts[3:], size, depth)
    if array_class == _STRUCT:
        width = int(_numbers(parts[3])[0])
        names = [_name(parts[4][1][place : place + width]) for place in range(0, len(parts[4][1]), width)]
        if not names:
            raise ValueError("its structures have no fields")
        values = iter(_nested(parts[5:], size * len(names), depth))
        return [{name: next(values) for name in names} for _ in range(size)]
    if array_class == _CHAR:
        return bytes(parts[3][1]).decode(_TEXTS[parts[3][0]]) if len(parts) > 3 else ""
    if _FIRST_NUMBER <= array_class <= _LAST_NUMBER:
        return _numbers(parts[3])
    raise ValueError(f"its arrays are of class {array_class}")


def _nested(parts: list[_Element], expected: int, depth: int) -> list[Any]:
    if len(parts) != expected or any(kind != _MATRIX for kind, _ in parts):
        raise ValueError(f"it holds {len(parts)} values where {expected} are announced")
    return [_value(list(_elements(body)), depth + 1) for _, body in parts]


def _numbers(element: _Element) -> np.ndarray:
    return np.frombuffer(element[1], _NUMBERS[element[0]])


def _name(field: memoryview) -> str:
    return bytes(field).split(b"\0")[0].decode("ascii")
