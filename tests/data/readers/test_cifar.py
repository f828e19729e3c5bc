import sys
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from car_classifier.base.errors import DataError
from data.readers.cifar import read_cifar10, read_cifar100
from data.readers.cifar_names import CIFAR10_NAMES, CIFAR100_NAMES


@pytest.fixture
def download(monkeypatch):
    """Keras' download: two red and blue pictures per class for training, one for testing; or an error."""

    def load_data():
        labels = np.arange(20)[:, None] % 10
        pictures = np.zeros((20, 32, 32, 3), np.uint8)
        pictures[..., 0], pictures[..., 2] = 200, 50
        return (pictures, labels), (pictures[:10], labels[:10])

    def fail():
        raise Exception("URL fetch failure on http://example: None -- [Errno -2] Name or service not known")

    datasets = SimpleNamespace(cifar10=SimpleNamespace(load_data=load_data), cifar100=SimpleNamespace(load_data=fail))
    monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(datasets=datasets))


@pytest.mark.usefixtures("download")
def test_download_becomes_class_folders_of_pictures(tmp_path):
    dataset = read_cifar10(tmp_path / "data" / "cifar10")
    assert dataset.class_names == CIFAR10_NAMES
    assert dataset.counts("train").tolist() == [2] * 10 and dataset.counts("test").tolist() == [1] * 10
    blue, _, red = cv2.imread(str(dataset.splits["train"].paths[0]))[0, 0]
    assert (red, blue) == (200, 50)
    assert [entry.name for entry in (tmp_path / "data").iterdir()] == ["cifar10"]


@pytest.mark.usefixtures("download")
def test_failed_download_says_where_to_put_what(tmp_path):
    with pytest.raises(DataError) as error:
        read_cifar100(tmp_path / "cifar100")
    first, second, third = str(error.value).splitlines()
    assert "/cifar-100-python.tar.gz could not be fetched: [Errno -2] Name or service not known." in first
    assert second.endswith(f"python -m car_classifier data import cifar100 --from FILE --data-dir {tmp_path}")
    assert "cifar100/train/<class>" in third and not list(tmp_path.iterdir())


def test_class_folders_are_read_without_any_download(tmp_path, write_pictures):
    write_pictures(tmp_path / "cifar100" / "train", "apple", "bear")
    assert read_cifar100(tmp_path / "cifar100").class_names == ("apple", "bear")


def test_names_are_complete_and_sorted():
    assert len(set(CIFAR10_NAMES)) == 10 and len(set(CIFAR100_NAMES)) == 100
    assert sorted(CIFAR10_NAMES) == list(CIFAR10_NAMES) and sorted(CIFAR100_NAMES) == list(CIFAR100_NAMES)
