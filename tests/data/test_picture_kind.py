"""Files are told by their first bytes, whatever they are called."""

import cv2
import numpy as np
import pytest

from car_classifier.base.errors import PictureError
from data.picture import decode_picture
from data.picture_kind import looks_like_picture, why_not_read

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".bmp", ".tiff"])
def test_pictures_without_an_ending_are_told_by_their_content(tmp_path, ending):
    content = cv2.imencode(ending, np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    (tmp_path / "picture").write_bytes(content)
    assert looks_like_picture(tmp_path / "picture")


@pytest.mark.parametrize("content", [b"", b"BMW, Audi and others", b"GIFT", b"RIFF1234WAVE", HEIC])
def test_other_files_are_none(tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    assert not looks_like_picture(tmp_path / "other")


def test_what_begins_like_a_tiff_under_another_ending_is_not_read(tmp_path):
    (tmp_path / "raw.nef").write_bytes(b"MM\0*" + bytes(40))
    assert not looks_like_picture(tmp_path / "raw.nef") and "raw file of a camera" in why_not_read(tmp_path / "raw.nef")


def test_formats_that_are_not_read_are_named_with_what_to_do(tmp_path):
    (tmp_path / "phone.jpg").write_bytes(HEIC)
    with pytest.raises(PictureError, match="HEIC is not read; convert it to JPEG"):
        decode_picture(tmp_path / "phone.jpg")
