import io
import struct
import subprocess
import sys
import warnings
import zlib

import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image, PngImagePlugin

from car_classifier.base.errors import PictureError
from data.picture import decode_content, decode_picture
from tests.data.conftest import random_picture

EXIF_ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8]


def save(tmp_path, image, name, **options):
    path = tmp_path / name
    image.save(path, **options)
    return path


def stored_as(orientation: int) -> tuple[Image.Image, np.ndarray, Image.Exif]:
    """A picture as a camera stores it with this orientation, how it looks upright, and its EXIF."""
    stored = Image.fromarray(random_picture(3, 40, 64))
    exif = Image.Exif()
    exif[0x0112] = orientation
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # Image.Transpose values, as ImageOps.exif_transpose has them
    upright = stored.transpose(Image.Transpose(turns[orientation])) if orientation > 1 else stored
    return stored, np.array(upright), exif


@pytest.mark.parametrize("ending", ["png", "bmp", "tif", "gif", "webp", "jpg"])
def test_every_format_gives_the_same_picture_whatever_its_name(tmp_path, ending):
    expected = random_picture(1)
    options = {"webp": {"lossless": True}, "jpg": {"quality": 98, "subsampling": 0}}.get(ending, {})
    path = save(tmp_path, Image.fromarray(expected), f"picture.{ending}", **options).rename(tmp_path / "picture.data")
    picture = decode_picture(path)
    assert picture.dtype == np.uint8 and picture.shape == expected.shape and picture.flags.c_contiguous
    assert np.abs(picture.astype(int) - expected).mean() < (5 if ending in ("gif", "jpg") else 1e-9)


@pytest.mark.parametrize("orientation", EXIF_ORIENTATIONS)
@pytest.mark.parametrize("ending", ["png", "tif", "webp", "jpg"])
def test_pictures_are_turned_upright(tmp_path, ending, orientation):
    stored, upright, exif = stored_as(orientation)
    options = {"webp": {"lossless": True}, "jpg": {"quality": 98, "subsampling": 0}}.get(ending, {})
    picture = decode_picture(save(tmp_path, stored, f"picture.{ending}", exif=exif, **options))
    assert picture.shape == upright.shape
    assert np.abs(picture.astype(int) - upright).mean() < 2


def test_big_endian_and_damaged_exif_are_both_survived(tmp_path):
    stored, upright, exif = stored_as(6)
    exif.endian = ">"
    content = io.BytesIO()
    stored.save(content, "JPEG", exif=exif.tobytes())
    whole = content.getvalue()
    start = whole.index(b"Exif\0\0") + 6
    (tmp_path / "whole.jpg").write_bytes(whole)
    (tmp_path / "damaged.jpg").write_bytes(whole[: start + 4] + struct.pack("<I", 2**31) + whole[start + 8 :])
    assert decode_picture(tmp_path / "whole.jpg").shape == upright.shape
    assert decode_picture(tmp_path / "damaged.jpg").shape == (40, 64, 3)


def test_sixteen_bits_are_scaled_not_clipped(tmp_path):
    grey = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    cv2.imwrite(str(tmp_path / "grey.png"), grey)
    cv2.imwrite(str(tmp_path / "colour.png"), np.repeat(grey[..., None], 3, axis=2))
    cv2.imwrite(str(tmp_path / "grey.tif"), grey)
    for name in ("grey.png", "colour.png", "grey.tif"):
        assert (decode_picture(tmp_path / name) == np.arange(256).reshape(16, 16, 1)).all(), name


def test_transparency_lies_on_white(tmp_path):
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0] = 255, 0, 0, 255
    pixels[0, 1] = 0, 0, 0, 128
    picture = decode_picture(save(tmp_path, Image.fromarray(pixels), "alpha.png"))
    assert picture[0, 0].tolist() == [255, 0, 0] and picture[1, 1].tolist() == [255, 255, 255]
    assert abs(int(picture[0, 1, 0]) - 127) <= 1


def test_transparent_palette_entry_lies_on_white(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    picture = decode_picture(save(tmp_path, image, "palette.png", transparency=0))
    assert picture[0].tolist() == [[255, 255, 255], [40, 50, 60]]


def test_transparent_grey_of_sixteen_bits_lies_on_white():
    rows = b"".join(b"\0" + struct.pack(">2H", 0x1234, 0x1235) for _ in range(2))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 2, 2, 16, 0, 0, 0, 0)), (b"tRNS", b"\x12\x34"), (b"IDAT", zlib.compress(rows)),
              (b"IEND", b""))
    parts = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks)
    picture = decode_content(b"\x89PNG\r\n\x1a\n" + b"".join(parts), "grey.png")
    assert (picture[:, 0] == 255).all() and (picture[:, 1] == 0x12).all()


def test_cmyk_becomes_the_colours_that_other_readers_show(tmp_path):
    image = Image.fromarray(random_picture(2, 40, 48)).convert("CMYK")
    path = save(tmp_path, image, "inks.jpg", quality=98, subsampling=0)
    expected = np.array(Image.open(path).convert("RGB"))
    assert np.abs(decode_picture(path).astype(int) - expected).max() <= 2


def test_grey_jpeg_has_three_equal_channels(tmp_path):
    picture = decode_picture(save(tmp_path, Image.fromarray(random_picture(1)).convert("L"), "grey.jpg"))
    assert picture.shape == (24, 32, 3) and (picture[..., :1] == picture).all()


@pytest.mark.parametrize("ending", ["gif", "webp", "png", "tif"])
def test_first_frame_counts(tmp_path, ending):
    red, blue = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    options = {"lossless": True} if ending == "webp" else {}
    path = save(tmp_path, red, f"moving.{ending}", save_all=True, append_images=[blue], **options)
    assert (decode_picture(path) == [255, 0, 0]).all()


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "tif", "gif", "webp"])
def test_truncated_file_is_refused(tmp_path, ending):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = save(tmp_path, Image.fromarray(noise), f"whole.{ending}")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.7)])
    with pytest.raises(PictureError, match=f"whole.{ending}: damaged"):
        decode_picture(path)


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "tif", "gif", "webp"])
def test_too_many_pixels_are_refused_by_the_header(tmp_path, ending):
    path = save(tmp_path, Image.new("RGB", (1200, 1000)), f"large.{ending}")
    with pytest.raises(PictureError, match="1200×1000 = 1.2 megapixels; at most 1, set by data.max_megapixels"):
        decode_picture(path, max_megapixels=1)


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("png", {}), ("png", {"save_all": True}), ("gif", {}), ("gif", {"save_all": True}), ("webp", {}),
        ("webp", {"lossless": True, "save_all": True}), ("bmp", {}), ("jpg", {}), ("jpg", {"progressive": True}),
        *(("tif", {"compression": name}) for name in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd")),
    ],
)
def test_a_file_cut_anywhere_is_refused(tmp_path, ending, options):
    first, second = (Image.fromarray(random_picture(seed, 60, 80)) for seed in (1, 2))
    further = {"append_images": [second]} if "save_all" in options else {}
    content = save(tmp_path, first, f"whole.{ending}", **options, **further).read_bytes()
    for length in {*range(1, len(content), max(1, len(content) // 40)), *range(len(content) - 8, len(content))}:
        with pytest.raises(PictureError):
            decode_content(content[:length], "cut")


@pytest.mark.parametrize("depth", ["8", "16"])
def test_one_changed_byte_of_a_png_is_noticed(tmp_path, depth):
    picture = random_picture(1).astype(np.uint16) * 257 if depth == "16" else random_picture(1)
    cv2.imwrite(str(tmp_path / "picture.png"), picture)
    content = bytearray((tmp_path / "picture.png").read_bytes())
    for place in range(33, len(content), 7):
        content[place] ^= 4
        with pytest.raises(PictureError):
            decode_content(bytes(content), "changed")
        content[place] ^= 4
    assert decode_content(bytes(content), "whole").shape == (24, 32, 3)


def test_damage_inside_a_jpeg_compressed_tiff_is_noticed(tmp_path):
    content = bytearray(save(tmp_path, Image.fromarray(random_picture(1, 60, 80)), "a.tif", compression="jpeg").read_bytes())
    assert decode_content(bytes(content), "whole").shape == (60, 80, 3)
    middle = content.index(b"\xff\xda") + 40
    content[middle : middle + 2] = b"\xff\xd3"  # a restart mark where none belongs: libtiff only warns
    with pytest.raises(PictureError, match="damaged"):
        decode_content(bytes(content), "damaged")


def test_compression_whose_damage_nobody_reports_is_refused(tmp_path):
    path = save(tmp_path, Image.fromarray(random_picture(1)).convert("1"), "fax.tif", compression="group4")
    with pytest.raises(PictureError, match="group4.*convert"):
        decode_picture(path)


def test_what_pillow_only_warns_of_is_an_error(tmp_path):
    path = save(tmp_path, Image.fromarray(random_picture(1)), "a.tif", tiffinfo={270: "a longer description of the picture"})
    content = bytearray(path.read_bytes())
    place = content.index(struct.pack("<HHI", 270, 2, 36)) + 4
    content[place : place + 4] = struct.pack("<I", 2**20)
    with pytest.raises(PictureError, match="damaged"):
        decode_content(bytes(content), "warned")


def test_strict_warnings_leave_those_of_others_alone(tmp_path):
    decode_picture(save(tmp_path, Image.fromarray(random_picture(1)), "a.png"))
    with pytest.warns(UserWarning, match="ours"):
        warnings.warn("ours", UserWarning, stacklevel=1)


@pytest.mark.parametrize("side", [60_000, 20_000])
def test_huge_tiles_are_refused_before_memory_is_taken(tmp_path, side):
    tags = [(256, 100), (257, 100), (258, 8), (259, 5), (262, 1), (277, 1), (322, side), (323, side), (324, 8), (325, 4)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    content = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    with pytest.raises(PictureError, match="tiles"):
        decode_content(content, "tiles")


def test_picture_with_little_room_for_memory_of_its_own(tmp_path):
    """Eight megapixels with alpha, upright only after a turn: at most 19 bytes per pixel at any time."""
    exif = Image.Exif()
    exif[0x0112] = 6
    path = save(tmp_path, Image.new("RGBA", (4000, 2000), (9, 9, 9, 99)), "large.webp", exif=exif, lossless=True, method=0)
    code = (
        "import re, sys; from data.picture import decode_picture; "
        "peak = lambda: 1024 * int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]); "
        "before = peak(); decode_picture(sys.argv[1]); print(peak() - before)"
    )
    taken = int(subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True).stdout)
    assert 3 * 8_000_000 < taken < 19 * 8_000_000


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pictures_of_unknown_brightness_are_refused(tmp_path, mode):
    with pytest.raises(PictureError, match="32 bits"):
        decode_picture(save(tmp_path, Image.new(mode, (4, 4)), "deep.tif"))


def test_what_is_no_picture_is_refused_by_name(tmp_path):
    (tmp_path / "text.jpg").write_text("not a picture")
    (tmp_path / "empty.jpg").touch()
    reasons = {"text.jpg": "none of JPEG", "empty.jpg": "empty", "gone.jpg": "cannot be read", "": "not a file"}
    for name, reason in reasons.items():
        with pytest.raises(PictureError, match=reason) as caught:
            decode_picture(tmp_path / name)
        assert caught.value.path == tmp_path / name


def test_no_odd_file_does_more_than_raise_a_picture_error(real_data):
    good = []
    files = [path for path in sorted((real_data / "odd_images").rglob("*.*")) if path.suffix != ".md"]
    for path in files:
        try:
            picture = decode_picture(path)
        except PictureError as error:
            assert error.path == path
        else:
            assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
            good.append(path.name)
    bad_ones = {"truncated_jpeg.jpg", "truncated_image.png", "broken_data_stream.png", "decompression_bomb.gif"}
    assert len(files) == 86 and not bad_ones & set(good)
    assert {"hopper.webp", "pil_sample_cmyk.jpg", "invalid-exif.jpg", "mode_16bit.png", "hopper.tif"} <= set(good)


def test_one_scene_stored_in_seven_orientations_loads_alike(real_data):
    pictures = [decode_picture(path) for path in sorted((real_data / "odd_images" / "exif").glob("*.jpg"))]
    assert len(pictures) == 7
    small = [cv2.resize(picture, (90, 60), interpolation=cv2.INTER_AREA).astype(int) for picture in pictures]
    assert all(np.abs(picture - small[0]).mean() < 2 for picture in small)


def test_real_jpeg_equals_a_plain_decoder(real_data):
    path = next((real_data / "stanford_cars" / "car_data" / "test").rglob("*.jpg"))
    assert (decode_picture(path) == simplejpeg.decode_jpeg(path.read_bytes())).all()


def test_damage_is_said_without_names_of_a_decoders_parts(tmp_path):
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "x" * 2_000_000, zip=True)
    Image.new("RGB", (8, 8)).save(tmp_path / "text.png", pnginfo=text)
    with pytest.raises(PictureError, match=r"damaged \(it holds more text than any picture needs"):
        decode_picture(tmp_path / "text.png")
