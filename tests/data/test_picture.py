import io
import struct

import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image

from car_classifier.base.errors import PictureError
from data.picture import decode_picture
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
