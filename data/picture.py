"""The one decoder of picture files: training, evaluation, prediction and server see the same pixels."""

import os
import re
import stat
import struct
import warnings
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from PIL import BmpImagePlugin, GifImagePlugin, Image, ImageFile, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from car_classifier.base.errors import PictureError
from data.container_checks import check_gif, check_png, check_tiff
from data.orientation import exif_orientation, jpeg_orientation, upright
from data.picture_kind import unread_format

# Pillow's readers are called by name, not through Image.open: only the listed formats are read, and the size is
# checked by our own limit.
_READERS = {
    b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile,
    b"GIF87a": GifImagePlugin.GifImageFile,
    b"GIF89a": GifImagePlugin.GifImageFile,
    b"II*\0": TiffImagePlugin.TiffImageFile,
    b"MM\0*": TiffImagePlugin.TiffImageFile,
    b"II+\0": TiffImagePlugin.TiffImageFile,
    b"MM\0+": TiffImagePlugin.TiffImageFile,
    b"BM": BmpImagePlugin.BmpImageFile,
}
_CHECKS = {b"\x89PNG\r\n\x1a\n": check_png, b"GIF87a": check_gif, b"GIF89a": check_gif}
_BITS_PER_SAMPLE, _PHOTOMETRIC = 258, 262  # tags of TIFF
_DEEP_RGB = b"\x10\x02"  # 16 bits, colours without alpha: two bytes of a PNG's header
_MAX_BYTES_PER_PIXEL = 6  # three colours of 16 bits
_SLACK_BYTES = 16 * 2**20  # metadata
_ROWS_AT_ONCE = 256
_FUNCTION_NAME = re.compile(r"^\w+\(\): ")  # of libjpeg-turbo, before what it has to say
# What decoders say in the names of their own parts.
_PLAIN_WORDS = {
    "MAX_TEXT": "it holds more text than any picture needs; save it again without its metadata",
    "subsampling level": "its header makes no sense; save it again as an ordinary JPEG",
    "codec can't decode": "text inside it is none; save it again without its metadata",
}


def decode_picture(path: Path | str, *, max_megapixels: float = 50) -> np.ndarray:
    """Read a picture file completely, or not at all.

    JPEG, PNG, WebP, BMP, GIF and TIFF are told by their content. The picture is turned upright by its EXIF tag; of
    several frames the first counts; transparency lies on white; grey, palette and CMYK become RGB; 16 bits are scaled
    to 8; colour profiles are not applied. Boxes of a data set refer to what this function returns.

    A file that ends too early is refused, and so is one that a decoder says anything about, be it a warning. No decoder
    can notice damage that leaves a file well-formed: changed bytes in BMP, GIF, WebP and TIFF (no checksums), in JPEG where
    they still make valid codes, what follows the end of a picture, and pages of a TIFF after the first. TIFFs with fax or
    other compression in which damage goes unnoticed are not taken.

    Args:
        max_megapixels: larger pictures are refused on sight of their header. At the default of 50 no file takes 1 GB.

    Returns:
        uint8 [H, W, 3], RGB in [0, 255].

    Raises:
        PictureError: the file is missing, damaged (also where a decoder would only warn), too large, or of
            another format.
    """
    return decode_content(read_picture_file(path, max_megapixels=max_megapixels), path, max_megapixels=max_megapixels)


def decode_content(content: bytes, path: Path | str, *, max_megapixels: float = 50) -> np.ndarray:
    """Decode what a picture file holds, as `decode_picture` does; `path` is only named in errors.

    Raises:
        PictureError: as `decode_picture`.
    """
    try:
        if content.startswith(b"\xff\xd8"):
            return _decode_jpeg(content, max_megapixels)
        return _decode_other(content, max_megapixels)
    except MemoryError:
        raise
    except _RefusedError as error:
        raise PictureError(path, str(error)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(path, f"too large (at most {max_megapixels:g} megapixels, set by data.max_megapixels)") from None
    except Exception as error:  # inside the decoders, damaged files raise nearly anything: SyntaxError, IndexError, …
        words = _FUNCTION_NAME.sub("", str(error).strip())
        plain = next((plain for jargon, plain in _PLAIN_WORDS.items() if jargon in words), words)
        raise PictureError(path, f"damaged ({plain or type(error).__name__})") from error


class _RefusedError(Exception):
    """The file may be whole, but is not taken; the message is the reason."""


def read_picture_file(path: Path | str, *, max_megapixels: float = 50) -> bytes:
    """Return the content of a file, unless it is larger than any picture of that many pixels needs.

    Raises:
        PictureError: it is no file, cannot be read, is empty or too large.
    """
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
    _turn_warnings_into_errors()
    with _open(content, max_megapixels) as image:
        _check_size(*image.size, max_megapixels)
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            check_tiff(image, content, max_pixels=max_megapixels * 1e6)
        image.load()  # before anything else: a second attempt would silently return half a picture
        if image.fp is not None:
            image.fp.close()  # of WebP it holds the whole picture once more
        if content[24:26] == _DEEP_RGB and isinstance(image.info.get("transparency"), tuple):
            raise _RefusedError("has one transparent colour of 16 bits, which cannot be told apart; store it with alpha")
        orientation = _orientation_of(image)
        picture = _to_rgb(image)
    return picture if orientation == 1 else upright(picture, orientation)


def _turn_warnings_into_errors() -> None:
    """What Pillow warns of, it raises from now on, in all threads; its notes to programmers stay as they are."""
    for category in (UserWarning, RuntimeWarning):
        rule = ("error", None, category, re.compile(r"PIL\."), 0)
        if rule not in warnings.filters:
            warnings.filterwarnings("error", category=category, module=r"PIL\.")


def _open(content: bytes, max_megapixels: float) -> ImageFile.ImageFile:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        _check_size(*_webp_size(content), max_megapixels)  # Pillow takes memory for the canvas on opening
        if len(content) > max_megapixels * 1e6:  # and copies the file twice
            raise _RefusedError(f"too large ({len(content) / 1e6:.0f} MB; of WebP at most {max_megapixels:g} MB)")
        return WebPImagePlugin.WebPImageFile(BytesIO(content))
    for prefix, reader in _READERS.items():
        if content.startswith(prefix):
            if prefix in _CHECKS:
                _CHECKS[prefix](content)
            return reader(BytesIO(content))
    if name := unread_format(content):
        raise _RefusedError(f"{name} is not read; convert it to JPEG")
    raise _RefusedError("none of JPEG, PNG, WebP, BMP, GIF and TIFF; if it is a picture, convert it to one of these")


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
    """Convert strip by strip, so that intermediate forms take little memory."""
    if image.mode in ("I", "F"):
        raise _RefusedError("has 32 bits per pixel, whose range of brightness is not known; convert it to 8 or 16 bits")
    convert = _deep_grey if image.mode.startswith("I;16") else _ordinary
    width, height = image.size
    picture = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _ROWS_AT_ONCE):
        bottom = min(top + _ROWS_AT_ONCE, height)
        picture[top:bottom] = convert(image, image.crop((0, top, width, bottom)))
    return picture


def _deep_grey(image: Image.Image, strip: Image.Image) -> np.ndarray:
    tags = getattr(image, "tag_v2", {})
    values = np.asarray(strip).astype(np.uint16)
    grey = (values >> tags.get(_BITS_PER_SAMPLE, (16,))[0] - 8).astype(np.uint8)
    if tags.get(_PHOTOMETRIC) == 0:  # white is zero
        grey = 255 - grey
    grey[values == image.info.get("transparency", -1)] = 255
    return grey[..., None]


def _ordinary(image: Image.Image, strip: Image.Image) -> np.ndarray:
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        strip = strip if strip.mode == "RGBA" else strip.convert("RGBA")
        ground = Image.new("RGB", strip.size, "white")
        ground.paste(strip, mask=strip.getchannel("A"))
        strip = ground
    return np.asarray(strip if strip.mode == "RGB" else strip.convert("RGB"))
