import random
import struct

import numpy as np
import pytest
from scipy.io import loadmat, savemat

from car_classifier.base.errors import DataError
from data.readers import mat_file
from data.readers.mat_file import read_mat
from tests.data.readers.miniature_cars import BOX, KIT_FIELDS, write_mat


@pytest.mark.parametrize("compressed", [False, True])
def test_values_are_those_that_scipy_reads(tmp_path, compressed):
    names = np.array([["Van", "Ram C/V", "轿车 ü"]], object)
    numbers = np.array([[1.5, -2, 1e9]])
    savemat(tmp_path / "a.mat", {"names": names, "numbers": numbers, "byte": np.uint8(7)}, do_compression=compressed)
    assert read_mat(tmp_path / "a.mat", "names") == names[0].tolist()
    assert np.array_equal(read_mat(tmp_path / "a.mat", "numbers"), loadmat(tmp_path / "a.mat")["numbers"][0])
    assert read_mat(tmp_path / "a.mat", "byte").tolist() == [7]


def test_structures_are_those_that_scipy_reads(tmp_path):
    write_mat(tmp_path / "a.mat", KIT_FIELDS, [(*BOX, 196, "a.jpg"), (300, 2, 70000, 20, 1, "ü.jpg")])
    read = read_mat(tmp_path / "a.mat", "annotations")
    expected = loadmat(tmp_path / "a.mat", squeeze_me=True)["annotations"]
    assert [entry["fname"] for entry in read] == expected["fname"].tolist()
    assert [entry["bbox_x2"].item() for entry in read] == expected["bbox_x2"].tolist()


def test_absent_variable_is_named(tmp_path):
    savemat(tmp_path / "a.mat", {"a": 1})
    with pytest.raises(DataError, match="a.mat is damaged or no MATLAB file with 'b': there is no such variable"):
        read_mat(tmp_path / "a.mat", "b")


@pytest.mark.parametrize("content", [b"", b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM", b"x" * 400])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "a.mat").write_bytes(content)
    with pytest.raises(DataError, match="does not begin like one"):
        read_mat(tmp_path / "a.mat", "a")


def test_nested_cells_end_in_an_error_not_in_a_crash(tmp_path):
    header = element(6, struct.pack("<II", 1, 0)) + element(5, struct.pack("<ii", 1, 1)) + element(1, b"")
    content = b""
    for _ in range(200):
        content = element(14, header + content)
    (tmp_path / "a.mat").write_bytes(b"MATLAB".ljust(124) + b"\x00\x01IM" + content)
    with pytest.raises(DataError, match="nested too deeply"):
        read_mat(tmp_path / "a.mat", "")


def element(kind, content):
    return struct.pack("<II", kind, len(content)) + content + b"\0" * (-len(content) % 8)


def test_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    savemat(tmp_path / "a.mat", {"a": np.zeros(100_000)}, do_compression=True)
    monkeypatch.setattr(mat_file, "MOST_BYTES", 10_000)
    with pytest.raises(DataError, match="unpacks to too much"):
        read_mat(tmp_path / "a.mat", "a")


@pytest.mark.parametrize("compressed", [False, True])
def test_damage_anywhere_is_a_data_error_or_does_not_matter(tmp_path, compressed):
    savemat(tmp_path / "a.mat", {"a": np.array([[(1, "x")]], [("n", object), ("f", object)])}, do_compression=compressed)
    content, chance = (tmp_path / "a.mat").read_bytes(), random.Random(0)
    refused = 0
    for _ in range(500):
        damaged = bytearray(content)
        damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 127, 255))
        (tmp_path / "b.mat").write_bytes(damaged[: chance.randrange(len(damaged))] if chance.random() < 0.2 else damaged)
        try:
            read_mat(tmp_path / "b.mat", "a")
        except DataError:
            refused += 1
    assert refused > 50
