"""What is known of a picture file once it has been decoded."""

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np

HASH_SIDE = 16  # a hash has this many rows of this many bits
_MIN_STEP, _MIN_STEPS = 2, 96  # grey levels; number of steps of the 256
_MIN_TURNS = 48  # of 240 places; in CIFAR-10 suns and other glows with fewer were taken for each other


@dataclass(frozen=True)
class PictureFacts:
    """A picture file that can be used.

    Args:
        width, height: of the upright picture, in pixels.
        digest: 32 hex digits of the file's bytes; files with equal ones are the same.
        perceptual_hash: 64 hex digits of what the picture shows; None when it is too plain to be told from others.
    """

    width: int
    height: int
    digest: str
    perceptual_hash: str | None


def digest_of(content: bytes) -> str:
    """Return 32 hex digits of a file's bytes (BLAKE2b)."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def facts_of(picture: np.ndarray, digest: str) -> PictureFacts:
    """Return what is worth knowing of a decoded picture, uint8 [H, W, 3]."""
    return PictureFacts(picture.shape[1], picture.shape[0], digest, perceptual_hash(picture))


def perceptual_hash(picture: np.ndarray) -> str | None:
    """Return 256 bits that stay nearly the same when a picture is resized, compressed again or made brighter.

    The picture becomes 17×16 grey means; each bit says whether a mean is brighter than its left neighbour (the difference
    hash of Neal Krawetz, 2013). In plain pictures chance decides the bits, and in a mere glow or gradient they are the same
    for all: these have no hash.

    Args:
        picture: uint8 [H, W, 3].

    Returns:
        64 hex digits, or None when fewer than 96 of the 256 neighbours differ by 2 grey levels, or brighter and darker
        follow each other in fewer than 48 of 240 places.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    means = cv2.resize(grey, (HASH_SIDE + 1, HASH_SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    steps = np.diff(means, axis=1)
    brighter = steps > 0
    turns = np.count_nonzero(brighter[:, 1:] != brighter[:, :-1])
    if np.count_nonzero(np.abs(steps) >= _MIN_STEP) < _MIN_STEPS or turns < _MIN_TURNS:
        return None
    return np.packbits(brighter).tobytes().hex()
