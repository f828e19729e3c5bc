"""Tensors out of a `.pth` file without PyTorch, and without running anything that the file says."""

import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError
from models.torch_list import MoreThanTensorsError, Storage, Tensor, read_list

_MAX_LIST_BYTES = 2**20  # it holds names and shapes only; those of the largest network here take 0.1 MB

# How PyTorch calls its kinds of number; a bfloat16 is the upper half of a float32.
_STORAGES = {
    "FloatStorage": np.dtype("<f4"), "DoubleStorage": np.dtype("<f8"), "HalfStorage": np.dtype("<f2"),
    "BFloat16Storage": np.dtype("<u2"), "LongStorage": np.dtype("<i8"), "IntStorage": np.dtype("<i4"),
}


def read_torch_file(path: Path) -> dict[str, np.ndarray]:
    """Return the tensors of a state dictionary that `torch.save` wrote, by name; bfloat16 becomes float32.

    A `.pth` file is an archive of raw numbers and a pickle that lists them. `models.torch_list` reads that list without
    an unpickler. The numbers take no more memory than the file is long, twice that for bfloat16; the list a hundred MB at most.

    Args:
        path: a file in the format of PyTorch 1.6 or later; the state dictionary may be under "model" or "state_dict".

    Raises:
        DataError: the file is damaged, older, or holds something else than tensors.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return dict(_tensors(archive, limit=path.stat().st_size))
    except MoreThanTensorsError as error:
        raise DataError(
            f"{path} is refused: {error}.\nA file that holds more than tensors may be made to run something where it is "
            "opened. Get the weights as .safetensors, from somebody whom you trust."
        ) from error
    except (zipfile.BadZipFile, LookupError, TypeError, ValueError, OverflowError, OSError, RuntimeError) as error:
        # RuntimeError is zipfile's word for encrypted members and for kinds of compression that it does not know.
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise DataError(
            f"{path} cannot be read as tensors saved by PyTorch 1.6 or later: {reason}\n"
            "Fetch it again if it may be damaged. An older one that you trust can be converted: torch.load with "
            "weights_only=True, then safetensors.torch.save_file of its state dictionary."
        ) from error


def _tensors(archive: zipfile.ZipFile, *, limit: int) -> Iterator[tuple[str, np.ndarray]]:
    if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
        raise ValueError("it is compressed, which PyTorch never does")
    lists = [info for info in archive.infolist() if info.filename.rpartition("/")[2] == "data.pkl"]
    if len(lists) != 1 or lists[0].file_size > _MAX_LIST_BYTES:
        raise ValueError(f"one list of tensors of at most {_MAX_LIST_BYTES} bytes was expected")
    content = read_list(archive.read(lists[0]))
    for name in ("model", "state_dict"):
        content = content[name] if isinstance(content.get(name), dict) else content
    named = {name: value for name, value in content.items() if isinstance(name, str) and isinstance(value, Tensor)}
    folder = lists[0].filename.removesuffix("data.pkl")
    numbers = _read_storages({tensor.storage for tensor in named.values()}, archive, folder, limit)
    for name, tensor in named.items():
        yield name, _view(numbers[tensor.storage], tensor)


def _read_storages(
    storages: set[Storage], archive: zipfile.ZipFile, folder: str, limit: int
) -> Mapping[Storage, np.ndarray]:
    """Read each storage once; members of an archive may overlap, so that a short file would fill the memory."""
    members = {storage: archive.getinfo(f"{folder}data/{storage.name}") for storage in storages}
    if sum(member.file_size for member in members.values()) > limit:
        raise ValueError("it names more numbers than it is long")
    return {storage: _numbers(archive.read(member), storage) for storage, member in members.items()}


def _numbers(content: bytes, storage: Storage) -> np.ndarray:
    if storage.kind not in _STORAGES:
        raise ValueError(f"storage {storage.name!r} is of kind {storage.kind}; expected one of {', '.join(_STORAGES)}")
    numbers = np.frombuffer(content, _STORAGES[storage.kind])
    if len(numbers) != storage.count:
        raise ValueError(f"{storage.count} numbers expected in storage {storage.name!r}, {len(numbers)} received")
    return numbers if storage.kind != "BFloat16Storage" else (numbers.astype("<u4") << 16).view("<f4")


def _view(numbers: np.ndarray, tensor: Tensor) -> np.ndarray:
    """Return the tensor as a view of its storage; NumPy itself refuses one that reaches beyond."""
    if math.prod(tensor.shape) > len(numbers):
        raise ValueError(f"a tensor of shape {tensor.shape} is larger than its storage of {len(numbers)} numbers")
    size = numbers.itemsize
    strides = tuple(stride * size for stride in tensor.strides)
    return np.ndarray(tensor.shape, numbers.dtype, numbers, tensor.offset * size, strides)
