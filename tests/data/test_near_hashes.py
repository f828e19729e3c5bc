import cv2
import numpy as np

from data.near_hashes import near_hashes, near_pairs
from data.picture_facts import perceptual_hash


def photograph(seed):
    coarse = np.random.default_rng(seed).integers(0, 256, (18, 24, 3), dtype=np.uint8)
    return cv2.resize(coarse, (160, 120), interpolation=cv2.INTER_CUBIC)


def test_near_pairs_equal_a_plain_count_of_bits(monkeypatch):
    monkeypatch.setattr("data.near_hashes._CELLS_AT_ONCE", 700)
    generator = np.random.default_rng(0)
    base = generator.integers(0, 2, (40, 256), dtype=np.uint8)
    bits = np.concatenate([base, base ^ (generator.random(base.shape) < 0.125)])
    words = np.packbits(bits, axis=1).view(np.uint64)
    expected = [(i, j) for i in range(80) for j in range(i + 1, 80) if (bits[i] != bits[j]).sum() <= 32]
    assert sorted(map(tuple, near_pairs(words, words, 32).tolist())) == expected and len(expected) > 10


def test_mirrored_pictures_are_near():
    pictures = [photograph(seed) for seed in range(6)]
    mirrored = cv2.resize(pictures[2][:, ::-1], (100, 75), interpolation=cv2.INTER_AREA)
    hashes = sorted(map(perceptual_hash, [*pictures, mirrored]))
    assert near_hashes(hashes) == (tuple(sorted([perceptual_hash(pictures[2]), perceptual_hash(mirrored)])),)


def test_no_picture_is_near_to_itself_and_none_to_nothing():
    symmetric = photograph(1)
    symmetric[:, 80:] = symmetric[:, 79::-1]
    assert near_hashes([perceptual_hash(symmetric)]) == () == near_hashes([])
