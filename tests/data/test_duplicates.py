from pathlib import Path

import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image

from data.dataset import Dataset
from data.duplicates import Duplicates, duplicate_faults, find_duplicates, group_alike
from data.inspection import inspect_pictures
from data.near_hashes import near_hashes
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


def test_equal_bytes_and_near_hashes_form_groups():
    bits = np.random.default_rng(0).integers(0, 2, 256)
    near = bits.copy()
    near[:32] ^= 1
    far = bits.copy()
    far[:33] ^= 1
    pictures = [facts("a"), facts("b", hash_of(bits)), facts("c", hash_of(near)), facts("a"), facts("d", hash_of(far ^ 1))]
    near = near_hashes([hash_of(bits), hash_of(near), hash_of(far)])
    assert group_alike(pictures, near) == [[0, 3], [1, 2]]
    assert group_alike([], near) == [] == group_alike(pictures[:1], near)
    assert group_alike([facts("b", hash_of(bits)), facts("d", hash_of(far))], near) == []


def test_pictures_each_near_to_the_next_are_one_photograph():
    frames = np.random.default_rng(0).integers(0, 2, 256)[None].repeat(3, axis=0)
    frames[1, :30] ^= 1
    frames[2, :60] ^= 1
    hashes = [hash_of(bits) for bits in frames]
    assert group_alike([facts(str(n), text) for n, text in enumerate(hashes)], near_hashes(hashes)) == [[0, 1, 2]]


def group(splits, classes):
    return Duplicates("same", tuple(Path(f"{n}.jpg") for n in range(len(splits))), tuple(splits), tuple(classes))


def test_the_file_in_the_other_split_is_named_however_many_there_are():
    (fault,) = duplicate_faults([group(["train"] * 6 + ["test"], "aaaaaaa")], "")
    assert (fault.where, fault.message) == ("0.jpg", "Shows the same picture as 6.jpg, 1.jpg, 2.jpg, … (train and test).")


def test_a_file_of_each_label_is_named_first():
    (fault,) = duplicate_faults([group(["train"] * 7, "aaaaabc")], "")
    assert fault.message == "Shows the same picture as 5.jpg, 6.jpg, 1.jpg, …, but they are labelled 'a' and 'b' and 'c'."


def test_no_more_files_than_there_are_are_named():
    (fault,) = duplicate_faults([group(["train", "train", "validation", "test"], "aaaa")], "")
    assert fault.message.startswith("Shows the same picture as 2.jpg, 3.jpg, 1.jpg (train")


def test_duplicates_say_kind_split_and_class(split):
    for place, copy in ((2, 0), (10, 0)):
        split.paths[place].write_bytes(split.paths[copy].read_bytes())
    Image.fromarray(photograph(5)).save(split.paths[6])
    Image.fromarray(compressed(photograph(5))).save(split.paths[7])
    dataset = Dataset("tiny", ("a", "b", "c"), {"train": split.take(np.arange(10)), "test": split.take([10])})
    same, near = find_duplicates(dataset, inspect_pictures(split.paths, max_megapixels=50))
    assert same.describe() == {
        "kind": "same", "files": [str(split.paths[place]) for place in (0, 2, 10)], "splits": ["train", "train", "test"],
        "classes": ["a", "a", "c"],
    }
    assert near.kind == "nearly_same" and near.files == split.paths[6:8] and not near.cross_splits and not near.contradict
    faults = list(duplicate_faults([same, near], str(split.paths[0].parent)))
    assert [fault.kind for fault in faults] == ["same_in_two_splits", "same_under_two_labels"]
    assert all(fault.effect == "reported" and fault.where == str(split.paths[0]) for fault in faults)
    assert "picture as 10.png, 02.png (train and test)" in faults[0].message and "'a' and 'c'" in faults[1].message
