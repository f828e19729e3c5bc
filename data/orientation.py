"""How a picture was turned when it was stored: the orientation tag of EXIF, read without trusting the file."""

import struct

import numpy as np

ORIENTATION_TAG = 0x0112


def jpeg_orientation(content: bytes) -> int:
    """Return the EXIF orientation 1..8 of a JPEG file; 1 when it has none or it cannot be read."""
    if b"Exif\0\0" not in content:
        return 1
    position = 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if marker == 0xDA or length < 2:
            return 1
        if marker == 0xE1 and content[position + 4 : position + 10] == b"Exif\0\0":
            return exif_orientation(content[position + 4 : position + 2 + length])
        position += 2 + length
    return 1


def exif_orientation(block: bytes) -> int:
    """Return the orientation 1..8 that a block of EXIF names; 1 when it names none or is damaged.

    Args:
        block: TIFF structure, with or without the leading "Exif" of JPEG files.
    """
    if block.startswith(b"Exif\0\0"):
        block = block[6:]
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", block, entry)
            if tag == ORIENTATION_TAG:
                (value,) = struct.unpack_from(order + ("I" if kind == 4 else "H"), block, entry + 8)
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def upright(picture: np.ndarray, orientation: int) -> np.ndarray:
    """Undo an EXIF orientation.

    Args:
        picture: [H, W, C] as stored.
        orientation: 1..8.

    Returns:
        The contiguous picture as it is meant to be seen: [H, W, C], or [W, H, C] for orientations 5..8.
    """
    if orientation >= 5:
        picture = picture.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        picture = picture[::-1]
    if orientation in (2, 3, 6, 7):
        picture = picture[:, ::-1]
    return np.ascontiguousarray(picture)
