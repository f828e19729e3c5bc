"""The one decoder of picture files: training, evaluation, prediction and server see the same pixels."""

import os
import stat
import struct
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from PIL import BmpImagePlugin, GifImagePlugin, Image, ImageFile, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from car_classifier.base.errors import PictureError
from data.orientation import exif_orientation, jpeg_orientation, upright

# Pillow's readers are called by name, not through Image.open: only the listed formats are read, and the size is
# checked by our own limit.
_READERS = {
    b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile,
    b"GIF87a": GifImagePlugin.GifImageFile,
    b"GIF89a": GifImagePlugin.GifImageFile,
    b"II*\0": TiffImagePlugin.TiffImageFile,
    b"MM\0*": TiffImagePlugin.TiffImageFile,
    b"BM": BmpImagePlugin.BmpImageFile,
}
_MAX_BYTES_PER_PIXEL = 16
_SLACK_BYTES = 16 * 2**20  # metadata


def decode_picture(path: Path | str, *, max_megapixels: float = 50) -> np.ndarray:
    """Read a picture file completely, or not at all.

    JPEG, PNG, WebP, BMP, GIF and TIFF are told by their content. The picture is turned upright by its EXIF tag; of
    several frames the first counts; transparency lies on white; grey, palette and CMYK become RGB; 16 bits are scaled
    to 8. Boxes of a data set refer to what this function returns.

    Args:
        max_megapixels: larger pictures are refused on sight of their header.

    Returns:
        uint8 [H, W, 3], RGB in [0, 255].

    Raises:
        PictureError: the file is missing, damaged (also where a decoder would only warn), too large, or of
            another format.
    """
    content = _read(path, max_megapixels)
    try:
        if content.startswith(b"\xff\xd8"):
            return _decode_jpeg(content, max_megapixels)
        return _decode_other(content, max_megapixels)
    except MemoryError:
        raise
    except _RefusedError as error:
        raise PictureError(path, str(error)) from None
    except Exception as error:  # inside the decoders, damaged files raise nearly anything: SyntaxError, IndexError, …
        raise PictureError(path, f"damaged ({str(error).strip() or type(error).__name__})") from error


class _RefusedError(Exception):
    """The file may be whole, but is not taken; the message is the reason."""


def _read(path: Path | str, max_megapixels: float) -> bytes:
    limit = int(max_megapixels * 1e6 * _MAX_BYTES_PER_PIXEL) + _SLACK_BYTES
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise PictureError(path, "not a file")
        if status.st_size > limit:
            raise PictureError(path, f"too large ({status.st_size / 1e6:.0f} MB; at most {limit / 1e6:.0f} MB)")
        with open(path, "rb") as file:
            content = file.read(limit)
    except OSError as error:
        raise PictureError(path, f"cannot be read ({error.strerror})") from error
    if not content:
        raise PictureError(path, "empty file")
    return content


def _check_size(width: int, height: int, max_megapixels: float) -> None:
    if width < 1 or height < 1:
        raise _RefusedError(f"has no pixels ({width}×{height})")
    if width * height > max_megapixels * 1e6:
        raise _RefusedError(
            f"too large ({width}×{height} = {width * height / 1e6:.1f} megapixels; "
            f"at most {max_megapixels:g}, set by data.max_megapixels)"
        )


def _decode_jpeg(content: bytes, max_megapixels: float) -> np.ndarray:
    height, width, colours, _ = simplejpeg.decode_jpeg_header(content, strict=True)
    _check_size(width, height, max_megapixels)
    if colours in ("CMYK", "YCCK"):
        picture = _cmyk_to_rgb(simplejpeg.decode_jpeg(content, "CMYK", strict=True))
    else:
        picture = simplejpeg.decode_jpeg(content, "RGB", strict=True)
    orientation = jpeg_orientation(content)
    return picture if orientation == 1 else upright(picture, orientation)


def _cmyk_to_rgb(inks: np.ndarray) -> np.ndarray:
    """Colours from inks [H, W, 4], stored inverted as Adobe does (255 is no ink), as all common readers assume."""
    picture = np.empty((*inks.shape[:2], 3), np.uint8)
    black = np.ascontiguousarray(inks[..., 3])
    for channel in range(3):
        picture[..., channel] = cv2.multiply(np.ascontiguousarray(inks[..., channel]), black, scale=1 / 255)
    return picture


def _decode_other(content: bytes, max_megapixels: float) -> np.ndarray:
    with _open(content, max_megapixels) as image:
        _check_size(*image.size, max_megapixels)
        image.load()  # before anything else: a second attempt would silently return half a picture
        orientation = _orientation_of(image)
        picture = _to_rgb(image)
    return picture if orientation == 1 else upright(picture, orientation)


def _open(content: bytes, max_megapixels: float) -> ImageFile.ImageFile:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        _check_size(*_webp_size(content), max_megapixels)  # Pillow takes memory for the canvas on opening
        return WebPImagePlugin.WebPImageFile(BytesIO(content))
    for prefix, reader in _READERS.items():
        if content.startswith(prefix):
            return reader(BytesIO(content))
    raise _RefusedError("none of JPEG, PNG, WebP, BMP, GIF and TIFF; convert it to one of these")


def _webp_size(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def _orientation_of(image: ImageFile.ImageFile) -> int:
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        # Loading has turned the picture already where Pillow did so, and then removed the tag.
        value = image.tag_v2.get(TiffImagePlugin.ExifTags.Base.Orientation, 1)
        return value if value in range(1, 9) else 1
    return exif_orientation(image.info.get("exif", b""))


def _to_rgb(image: Image.Image) -> np.ndarray:
    if image.mode.startswith("I;16"):
        grey = np.asarray(image).astype(np.uint16)
        return np.repeat((grey >> 8).astype(np.uint8)[..., None], 3, axis=2)
    if image.mode in ("I", "F"):
        raise _RefusedError("has 32 bits per pixel, whose range of brightness is not known; convert it to 8 or 16 bits")
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    return np.array(image if image.mode == "RGB" else image.convert("RGB"))
