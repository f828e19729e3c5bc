import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image

from data.dataset import Dataset
from data.duplicates import duplicate_faults, find_duplicates, group_alike, near_pairs
from data.inspection import inspect_pictures
from data.picture_facts import PictureFacts, perceptual_hash


def photograph(seed):
    """A picture with as much in it as a photograph: uint8 [120, 160, 3]."""
    coarse = np.random.default_rng(seed).integers(0, 256, (18, 24, 3), dtype=np.uint8)
    return cv2.resize(coarse, (160, 120), interpolation=cv2.INTER_CUBIC)


def distance(one, other):
    return (int(perceptual_hash(one), 16) ^ int(perceptual_hash(other), 16)).bit_count()


def facts(digest, perceptual_hash=None):
    return PictureFacts(10, 10, digest, perceptual_hash)


def hash_of(bits):
    return np.packbits(bits).tobytes().hex()


def compressed(picture):
    return simplejpeg.decode_jpeg(simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality=60))


@pytest.mark.parametrize(
    "change",
    [
        compressed,
        lambda picture: cv2.resize(picture, (90, 60), interpolation=cv2.INTER_AREA),
        lambda picture: np.clip(picture * 0.8 + 20, 0, 255).astype(np.uint8),
    ],
)
def test_changed_copies_of_a_photograph_have_near_hashes(change):
    assert distance(photograph(0), change(photograph(0))) <= 16 < 64 < distance(photograph(0), photograph(1))


@pytest.mark.parametrize("picture", [
    np.full((50, 50, 3), 200, np.uint8),
    np.random.default_rng(0).integers(120, 123, (50, 50, 3)).astype(np.uint8),
    np.tile(np.arange(0, 250, 5, dtype=np.uint8)[None, :, None], (50, 1, 3)),
    np.tile((250 - 10 * np.abs(np.arange(50) - 25))[None, :, None], (50, 1, 3)).astype(np.uint8),
])
def test_plain_pictures_gradients_and_glows_have_no_hash(picture):
    assert perceptual_hash(picture) is None


def test_near_pairs_equal_a_plain_count_of_bits(monkeypatch):
    monkeypatch.setattr("data.duplicates._CELLS_AT_ONCE", 700)
    generator = np.random.default_rng(0)
    base = generator.integers(0, 2, (40, 256), dtype=np.uint8)
    bits = np.concatenate([base, base ^ (generator.random(base.shape) < 0.125)])
    words = np.packbits(bits, axis=1).view(np.uint64)
    expected = [(i, j) for i in range(80) for j in range(i + 1, 80) if (bits[i] != bits[j]).sum() <= 32]
    assert sorted(map(tuple, near_pairs(words, 32).tolist())) == expected and len(expected) > 10


def test_equal_bytes_and_near_hashes_form_groups():
    bits = np.random.default_rng(0).integers(0, 2, 256)
    near = bits.copy()
    near[:32] ^= 1
    far = bits.copy()
    far[:33] ^= 1
    pictures = [facts("a"), facts("b", hash_of(bits)), facts("c", hash_of(near)), facts("a"), facts("d", hash_of(far ^ 1))]
    assert group_alike(pictures) == [[0, 3], [1, 2]]
    assert group_alike([]) == [] == group_alike(pictures[:1])
    assert group_alike([facts("b", hash_of(bits)), facts("d", hash_of(far))]) == []


def test_duplicates_say_kind_split_and_class(split):
    for place, copy in ((2, 0), (10, 0)):
        split.paths[place].write_bytes(split.paths[copy].read_bytes())
    Image.fromarray(photograph(5)).save(split.paths[6])
    Image.fromarray(compressed(photograph(5))).save(split.paths[7])
    dataset = Dataset("tiny", ("a", "b", "c"), {"train": split.take(np.arange(10)), "test": split.take([10])})
    same, near = find_duplicates(dataset, inspect_pictures(split.paths, max_megapixels=50).facts)
    assert same.describe() == {
        "kind": "same", "files": [str(split.paths[place]) for place in (0, 2, 10)], "splits": ["train", "train", "test"],
        "classes": ["a", "a", "c"],
    }
    assert near.kind == "nearly_same" and near.files == split.paths[6:8] and not near.cross_splits and not near.contradict
    faults = list(duplicate_faults([same, near]))
    assert [fault.kind for fault in faults] == ["same_in_two_splits", "same_under_two_labels"]
    assert all(fault.effect == "reported" and fault.where == str(split.paths[0]) for fault in faults)
    assert "train and test" in faults[0].message and "'a' and 'c'" in faults[1].message
