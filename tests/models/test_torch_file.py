"""A `.pth` file gives tensors, and runs nothing."""

import copy
import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from models.torch_file import read_torch_file

REFERENCE = Path(__file__).parent / "references" / "convnextv2.pth"


class Global:
    """Stands for a name of another module in a pickle that a test writes."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Call:
    """Stands for a call of a function in a pickle that a test writes."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments


class Storage:
    """Stands for raw numbers."""

    def __init__(self, kind, name, count):
        self.key = ("storage", Global("torch", kind), name, "cpu", count)


class Writer(pickle._Pickler):
    """Writes names of modules that are not there."""

    def persistent_id(self, value):
        return value.key if isinstance(value, Storage) else None

    def save(self, value, save_persistent_id=True):
        if isinstance(value, Global):
            self.write(pickle.GLOBAL + f"{value.module}\n{value.name}\n".encode())
        elif isinstance(value, Call):
            self.save(value.function)
            self.save(value.arguments)
            self.write(pickle.REDUCE)
        else:
            super().save(value, save_persistent_id)


def write_file(path, content, numbers=b""):
    pickled = io.BytesIO()
    Writer(pickled, 2).dump(content)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled.getvalue())
        archive.writestr("archive/data/0", numbers)
    return path


def tensor(kind="FloatStorage", count=6, offset=0, shape=(2, 3), strides=(3, 1)):
    return Call(Global("torch._utils", "_rebuild_tensor_v2"), Storage(kind, "0", count), offset, shape, strides, False,
                OrderedDict())


def test_file_that_pytorch_wrote_is_read():
    tensors = read_torch_file(REFERENCE)
    assert len(tensors) == 70 and tensors["stem.0.weight"].shape == (6, 3, 4, 4)
    assert all(value.dtype == np.float32 for value in tensors.values())


def test_state_under_a_name_strides_and_offsets_are_understood(tmp_path):
    numbers = np.arange(8, dtype="<f4").tobytes()
    content = {"model": {"w": tensor(count=8, offset=1, shape=(3, 2), strides=(1, 3))}, "epoch": 3}
    tensors = read_torch_file(write_file(tmp_path / "a.pth", content, numbers))
    np.testing.assert_array_equal(tensors["w"], [[1, 4], [2, 5], [3, 6]])


@pytest.mark.parametrize(("kind", "numbers"), [("BFloat16Storage", b"\xc0\x3f"), ("HalfStorage", b"\x00\x3e")])
def test_half_precision_is_understood(tmp_path, kind, numbers):
    path = write_file(tmp_path / "a.pth", {"w": tensor(kind, 6)}, 6 * numbers)
    np.testing.assert_array_equal(read_torch_file(path)["w"], np.full((2, 3), 1.5))


@pytest.mark.parametrize(
    "content",
    [
        {"w": Call(Global("os", "system"), "false")},
        {"w": Call(Global("builtins", "eval"), "1")},
        {"w": Call(Global("torch", "load"), "x")},
        {"w": Call(Global("torch._utils", "_rebuild_tensor_v2.__globals__"), "x")},
        {"w": Call(Global("collections", "namedtuple"), "x", "y")},
        {"w": Global("numpy", "load")},
    ],
)
def test_anything_else_than_tensors_is_refused(tmp_path, content):
    with pytest.raises(DataError, match="it asks for .*, which is no tensor(.|\n)*Get the weights as .safetensors"):
        read_torch_file(write_file(tmp_path / "a.pth", content))


@pytest.mark.parametrize(
    "content",
    [
        {"w": tensor(shape=(4, 3))}, {"w": tensor(offset=1)}, {"w": tensor(strides=(30, 1))}, {"w": tensor(count=7)},
        {"w": tensor(offset=-1)}, {"w": tensor(strides=(-3, 1))}, [1, 2], {"w": tensor(shape=(1,) * 33, strides=(1,) * 33)},
        {"w": tensor(shape=(2**63,), strides=(1,))},
    ],
)
def test_tensor_that_reaches_beyond_its_numbers_is_refused(tmp_path, content):
    with pytest.raises(DataError, match="a.pth cannot be read as tensors"):
        read_torch_file(write_file(tmp_path / "a.pth", content, bytes(24)))


def write_list(path, pickled):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
    return path


@pytest.mark.parametrize(
    ("pickled", "reason"),
    [
        (b"\x80\x02]}b.", "dict expected, list received"),  # BUILD writes into what is there already
        (b"\x80\x02}(]K\x01u.", "a name expected, list received"),
        (b"\x80\x02}N" + 1_000_000 * b"\x85" + b"Ns.", "a name expected, tuple received"),  # its hash would overrun the stack
        (b"\x80\x02}2.", "the instruction DUP has no place"),
        (b"\x80\x04}" + b"N" + 40 * b"q\x00h\x00h\x00\x87" + b"\x8c\x01x\x93.", "str expected, tuple received"),  # 3^40 long
        (b"\x80\x02}h\x07.", "7"),
        (b"\x80\x02.", "pop from empty list"),
        (b"\x80\x02}", "cannot be read as tensors"),
    ],
)
def test_list_that_would_do_more_than_name_tensors_is_refused(tmp_path, pickled, reason):
    with pytest.raises(DataError, match=reason):
        read_torch_file(write_list(tmp_path / "a.pth", pickled))


def test_what_was_built_cannot_be_written_to(tmp_path):
    parts = Call(Global("torch._utils", "_rebuild_parameter"), tensor()), {"dtype": 1}
    pickled = io.BytesIO()
    writer = Writer(pickled, 2)
    writer.write(pickle.PROTO + b"\x02")
    for part in parts:
        writer.save(part)
    path = write_list(tmp_path / "a.pth", pickled.getvalue() + pickle.BUILD + pickle.STOP)
    with pytest.raises(DataError, match="dict expected, Tensor received"):
        read_torch_file(path)


def test_numbers_that_unpack_to_more_than_the_file_holds_are_refused(tmp_path):
    path, pickled = tmp_path / "a.pth", io.BytesIO()
    Writer(pickled, 2).dump({"w": tensor(count=250_000)})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickled.getvalue())
        archive.writestr("archive/data/0", bytes(1_000_000))
    with pytest.raises(DataError, match="it is compressed, which PyTorch never does"):
        read_torch_file(path)


def test_members_that_lie_upon_each_other_are_refused(tmp_path):
    def part(name):
        storage = Storage("FloatStorage", name, 1000)
        return Call(Global("torch._utils", "_rebuild_tensor_v2"), storage, 0, (1000,), (1,))

    path = tmp_path / "a.pth"
    write_file(path, {str(name): part(str(name)) for name in range(9)}, bytes(4000))
    with zipfile.ZipFile(path, "a") as archive:
        for name in range(1, 9):
            member = copy.copy(archive.getinfo("archive/data/0"))
            member.filename = f"archive/data/{name}"
            archive.filelist.append(member)
            archive.NameToInfo[member.filename] = member
        archive._didModify = True
    with pytest.raises(DataError, match="it names more numbers than it is long"):
        read_torch_file(path)


@pytest.mark.parametrize("shape", [(10**12,), (7,), (3, 3)])
def test_tensor_that_repeats_its_numbers_is_refused(tmp_path, shape):
    path = write_file(tmp_path / "a.pth", {"w": tensor(shape=shape, strides=(0,) * len(shape))}, bytes(24))
    with pytest.raises(DataError, match="larger than its storage of 6 numbers"):
        read_torch_file(path)


def test_encrypted_file_is_refused(tmp_path):
    path = write_file(tmp_path / "a.pth", {"w": tensor()}, bytes(24))
    content = bytearray(path.read_bytes())
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        content[start + 8] |= 1
        start += 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="encrypted"):
        read_torch_file(path)


def test_any_damaged_byte_of_the_list_is_an_error_of_ours_or_no_harm(tmp_path):
    rng, path = np.random.default_rng(0), tmp_path / "a.pth"
    with zipfile.ZipFile(REFERENCE) as archive:
        name = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        original = archive.read(name)
    for _ in range(300):
        damaged = bytearray(original)
        damaged[rng.integers(len(damaged))] = rng.integers(256)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x/data.pkl", bytes(damaged))
        try:
            assert read_torch_file(path) is not None
        except DataError as error:
            assert "a.pth cannot be read" in str(error) or "a.pth is refused" in str(error)
