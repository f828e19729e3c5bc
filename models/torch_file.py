"""Tensors out of a `.pth` file without PyTorch, and without running anything that the file says."""

import io
import pickle
import pickletools
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.errors import DataError

_MAX_PICKLE_BYTES = 2**26  # it holds names and shapes only; those of the largest network here take 0.1 MB

# How PyTorch calls its kinds of number; a bfloat16 is the upper half of a float32.
_STORAGES = {
    "FloatStorage": np.dtype("<f4"), "DoubleStorage": np.dtype("<f8"), "HalfStorage": np.dtype("<f2"),
    "BFloat16Storage": np.dtype("<u2"), "LongStorage": np.dtype("<i8"), "IntStorage": np.dtype("<i4"),
}


def read_torch_file(path: Path) -> dict[str, np.ndarray]:
    """Return the tensors of a state dictionary that `torch.save` wrote, by name; bfloat16 becomes float32.

    A `.pth` file is an archive of raw numbers and a pickle that names them. The pickle may name state dictionaries, the
    kinds of numbers and the function that makes a tensor of them, each exactly, and nothing else: all of them are ours
    here, and none does more than slice an array.

    Args:
        path: a file in the format of PyTorch 1.6 or later; the state dictionary may be under "model" or "state_dict".

    Raises:
        DataError: the file is damaged, older, or holds something else than tensors.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            content = _read(archive)
    except (zipfile.BadZipFile, pickle.UnpicklingError, LookupError, TypeError, ValueError, AttributeError, EOFError,
            OverflowError, OSError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise DataError(
            f"{path} cannot be read as tensors saved by PyTorch 1.6 or later: {reason}\n"
            "Convert it: load it with PyTorch and save its state dictionary with safetensors.torch.save_file."
        ) from error
    for name in ("model", "state_dict"):
        content = content[name] if isinstance(content.get(name), dict) else content
    return {name: value for name, value in content.items() if isinstance(value, np.ndarray)}


def _read(archive: zipfile.ZipFile) -> dict[str, Any]:
    lists = [info for info in archive.infolist() if info.filename.rpartition("/")[2] == "data.pkl"]
    if len(lists) != 1 or lists[0].file_size > _MAX_PICKLE_BYTES:
        raise ValueError(f"one list of tensors of at most {_MAX_PICKLE_BYTES} bytes was expected")
    pickled = archive.read(lists[0])
    for opcode, argument, _ in pickletools.genops(pickled):
        # The unpickler makes room for as many objects as such a number says: 4 billion in five bytes.
        if opcode.name in ("PUT", "BINPUT", "LONG_BINPUT") and argument > len(pickled):
            raise ValueError(f"it numbers an object {argument}")
    content = _TensorUnpickler(pickled, archive, lists[0].filename.removesuffix("data.pkl")).load()
    if not isinstance(content, dict):
        raise ValueError(f"a dictionary of tensors was expected, {type(content).__name__} received")
    return content


class _TensorUnpickler(pickle.Unpickler):
    def __init__(self, pickled: bytes, archive: zipfile.ZipFile, folder: str):
        super().__init__(io.BytesIO(pickled))
        self._archive, self._folder = archive, folder

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _make_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _make_parameter
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no tensor")

    def persistent_load(self, key: Any) -> np.ndarray:
        kind, dtype, name, _, count = key
        if kind != "storage" or dtype not in _STORAGES.values():
            raise pickle.UnpicklingError("it asks for something that is no storage of numbers")
        numbers = np.frombuffer(self._archive.read(f"{self._folder}data/{name}"), dtype)
        if len(numbers) != count:
            raise ValueError(f"{count} numbers expected in storage {name!r}, {len(numbers)} received")
        return numbers if dtype != _STORAGES["BFloat16Storage"] else (numbers.astype("<u4") << 16).view("<f4")


def _make_tensor(storage: np.ndarray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any) -> np.ndarray:
    # NumPy itself refuses a shape that reaches beyond the buffer.
    size = storage.itemsize
    return np.ndarray(shape, storage.dtype, storage, offset * size, tuple(stride * size for stride in strides))


def _make_parameter(tensor: np.ndarray, *_: Any) -> np.ndarray:
    return tensor
