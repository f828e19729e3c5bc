"""The pictures of a page, as who can open and explain them hands them over."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

from results.answers import Answers
from results.page import Picture


@dataclass(frozen=True, eq=False)
class PictureMaterial:
    """Thumbnails and what a model says of them; files are named as in the answers.

    Args:
        thumbnails: file to a small picture.
        maps: file to the same with Grad-CAM of the answered class over it.
        nearest: file and class to the training picture of that class whose features are most alike, and how much
            (cosine, in [-1, 1]).
        validation: answers to validation pictures that the model has not trained on; None where there are none.
        notes: what the reader should know, one sentence each.
    """

    thumbnails: Mapping[str, Picture] = field(default_factory=dict)
    maps: Mapping[str, Picture] = field(default_factory=dict)
    nearest: Mapping[tuple[str, int], tuple[str, float]] = field(default_factory=dict)
    validation: Answers | None = None
    notes: tuple[str, ...] = ()


def embed_jpeg(content: bytes, width: int, height: int) -> Picture:
    """Return a JPEG as a part of a page, in its own colours.

    Args:
        width, height: of the picture in pixels; it is shown at half the size, sharp on dense screens.
    """
    address = f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
    return Picture(address, max(1, width // 2), max(1, height // 2))
