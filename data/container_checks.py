"""What Pillow does not look at in a file: checksums, its end, and compression whose damage nobody reports."""

import zlib

import simplejpeg
from PIL.TiffImagePlugin import TiffImageFile

# Of these, libtiff refuses whatever it finds wrong. It only mutters about broken fax codes, and Pillow silences its warnings.
_STRICT_COMPRESSIONS = ("raw", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits", "zstd")
_STRIP_OFFSETS, _STRIP_SIZES, _TILE_OFFSETS, _TILE_SIZES, _JPEG_TABLES = 273, 279, 324, 325, 347
_TILE_WIDTH, _TILE_LENGTH, _PLANES, _BITS_PER_SAMPLE = 322, 323, 284, 258


def check_png(content: bytes) -> None:
    """Compare the checksum of every chunk up to the end mark; Pillow leaves out those of the pixels.

    Raises:
        ValueError: one differs, or the file ends before its end mark.
    """
    view, position = memoryview(content), 8
    while position + 12 <= len(content):
        length = int.from_bytes(view[position : position + 4], "big")
        kind, end = bytes(view[position + 4 : position + 8]), position + 12 + length
        if end > len(content):
            break
        if zlib.crc32(view[position + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise ValueError(f"wrong checksum of a chunk {kind.decode('ascii', 'replace')}")
        if kind == b"IEND":
            return
        position = end
    raise ValueError("the file is truncated")


def check_gif(content: bytes) -> None:
    """Walk over the blocks of all frames to the end mark.

    Raises:
        ValueError: something else than a block is met, or the file ends before its end mark.
    """
    try:
        position = 13 + _size_of_colours(content[10])
        while (kind := content[position]) != 0x3B:
            position += 1
            if kind == 0x2C:
                position = _after_sub_blocks(content, position + 10 + _size_of_colours(content[position + 8]))
            elif kind == 0x21:
                position = _after_sub_blocks(content, position + 1)
            elif kind != 0:  # zeros between blocks are a known bad habit of writers
                raise ValueError(f"unknown block 0x{kind:02x}")
    except IndexError:
        raise ValueError("the file is truncated") from None


def _size_of_colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_sub_blocks(content: bytes, position: int) -> int:
    while size := content[position]:
        position += 1 + size
    return position + 1


def check_tiff(image: TiffImageFile, content: bytes, *, max_pixels: float) -> None:
    """Make sure that damage in the first page would be noticed.

    Args:
        image: opened, its first page not loaded yet.
        max_pixels: of one strip or tile.

    Raises:
        ValueError: damage would go unnoticed, a part of a JPEG-compressed page is damaged, tiles are huge, or the page is
            of a kind that Pillow reads wrongly.
    """
    tags, compression = image.tag_v2, image.info.get("compression", "raw")
    if tags.get(_TILE_WIDTH, 0) * tags.get(_TILE_LENGTH, 0) > max_pixels:
        raise ValueError(f"tiles of {tags[_TILE_WIDTH]}×{tags[_TILE_LENGTH]} pixels")
    if (tags.get(_PLANES), compression) == (2, "raw") and max(tags.get(_BITS_PER_SAMPLE, (1,))) > 8:
        raise ValueError("16 bits in separate planes without compression, which Pillow mixes up; store colours together")
    if compression == "jpeg":
        _check_jpeg_parts(image, content, max_pixels)
    elif compression not in _STRICT_COMPRESSIONS:
        raise ValueError(f"compression {compression!r}, in which damage cannot be noticed; convert it to another one")


def _check_jpeg_parts(image: TiffImageFile, content: bytes, max_pixels: float) -> None:
    """Decode each strip or tile strictly: libtiff passes the warnings of its JPEG decoder to nobody."""
    tags = image.tag_v2
    tables = tags.get(_JPEG_TABLES, b"")
    in_strips = _STRIP_OFFSETS in tags
    offsets = tags[_STRIP_OFFSETS if in_strips else _TILE_OFFSETS]
    sizes = tags[_STRIP_SIZES if in_strips else _TILE_SIZES]
    for offset, size in zip(offsets, sizes, strict=True):
        part = content[offset : offset + size]
        if tables:
            part = tables[:-2] + part[2:]  # without the end mark of the one and the start mark of the other
        height, width, colours, _ = simplejpeg.decode_jpeg_header(part, strict=True)
        if width * height > max_pixels:
            raise ValueError(f"a part of {width}×{height} pixels")
        simplejpeg.decode_jpeg(part, "CMYK" if colours in ("CMYK", "YCCK") else "GRAY", strict=True)
