import io
import os
import pickle
import random

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from data.cifar_batches import read_batch
from tests.data.cifar_files import write_batch


def test_pictures_and_labels_come_out_as_they_went_in(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    write_batch(tmp_path / "batch", pictures, [2, 0, 9])
    read, labels = read_batch(tmp_path / "batch")
    assert np.array_equal(read, pictures) and labels.tolist() == [2, 0, 9]


def test_fine_labels_of_cifar100_are_the_labels(tmp_path):
    write_batch(tmp_path / "train", np.zeros((2, 32, 32, 3), np.uint8), [99, 1], label_key=b"fine_labels")
    assert read_batch(tmp_path / "train")[1].tolist() == [99, 1]


class Attack:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("function", [os.system, eval, os.makedirs, np.load])
def test_code_in_a_batch_is_not_run(tmp_path, function):
    target = tmp_path / "ran"
    argument = {os.system: f"touch {target}", eval: f"open({str(target)!r}, 'w')"}.get(function, str(target))
    (tmp_path / "batch").write_bytes(pickle.dumps({b"data": Attack(function, argument), b"labels": [1]}, protocol=2))
    with pytest.raises(DataError, match="batch is no batch of CIFAR: it asks for"):
        read_batch(tmp_path / "batch")
    assert not target.exists()


@pytest.mark.parametrize("batch", [[], {}, {b"data": 3, b"labels": [1]}, {b"data": [], b"labels": []}])
def test_other_content_is_refused(tmp_path, batch):
    (tmp_path / "batch").write_bytes(pickle.dumps(batch, protocol=3))
    with pytest.raises(DataError, match="batch is no batch of CIFAR"):
        read_batch(tmp_path / "batch")


def test_arrays_of_another_shape_are_refused(tmp_path):
    write_batch(tmp_path / "batch", np.zeros((2, 16, 16, 3), np.uint8), [1, 1])
    with pytest.raises(DataError, match=r"its pictures have the shape \(2, 768\)"):
        read_batch(tmp_path / "batch")


def test_damage_anywhere_is_a_data_error_or_does_not_matter(tmp_path):
    write_batch(tmp_path / "batch", np.zeros((1, 32, 32, 3), np.uint8), [1])
    content, chance = (tmp_path / "batch").read_bytes(), random.Random(0)
    refused = 0
    for _ in range(500):
        damaged = io.BytesIO(content).getvalue()[: chance.choice((len(content), chance.randrange(len(content))))]
        place = chance.randrange(min(400, len(damaged)) or 1)
        (tmp_path / "batch").write_bytes(damaged[:place] + bytes([chance.randrange(256)]) + damaged[place + 1 :])
        try:
            read_batch(tmp_path / "batch")
        except DataError:
            refused += 1
    assert refused > 100
