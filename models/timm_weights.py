"""Weights of ConvNeXt in the form of timm: names with dots, kernels in PyTorch's order."""

import re
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np

from car_classifier.base.errors import DataError
from models.freezing import HEAD_NORMALIZATION, pretrained_layers
from models.torch_file import read_torch_file

_HEAD_NORM = "head.norm"
_WRAPPERS = ("module.", "_orig_mod.")  # how PyTorch begins names where a network trained on several GPUs, or was compiled


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """Return the tensors of a `.safetensors`, `.pth` or `.pt` file by name.

    Raises:
        DataError: the file is damaged or of another kind.
    """
    if path.suffix != ".safetensors":
        return read_torch_file(path)
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError, KeyError, TypeError, AttributeError) as error:  # kinds of number that NumPy lacks
        raise DataError(f"{path} cannot be read as weights; it is damaged or of another kind: {error}") from error


def fill_from_tensors(model: keras.Model, tensors: Mapping[str, np.ndarray]) -> None:
    """Fill the network, the normalisation behind its pooling too, by name; blocks behind stages and the classifier stay.

    Args:
        model: a model whose layers are called as in timm.
        tensors: timm's by name, or those of the authors' own files, whose names differ.

    Raises:
        ValueError: a tensor is missing, has another shape or another number of dimensions, or is left over.
    """
    named = _renamed(tensors)
    left = {name.rpartition(".")[0] for name in named if not name.startswith("head.")}
    for layer in pretrained_layers(model):
        name = _HEAD_NORM if layer.name == HEAD_NORMALIZATION else layer.name
        _fill(layer, name, named)
        left.discard(name.removesuffix(".gamma"))
    if left:
        raise ValueError(f"It holds {sorted(left)[0]!r}, which this network lacks.")


def _fill(layer: keras.Layer, name: str, tensors: Mapping[str, np.ndarray]) -> None:
    names = [name] if name.endswith(".gamma") else [f"{name}.weight", f"{name}.bias"]
    missing = [name for name in names if name not in tensors]
    if missing:
        raise ValueError(f"It lacks {missing[0]!r}.")
    first, *rest = (np.asarray(tensors[name], dtype="float32") for name in names)
    try:
        values = [_as_kernel(layer, first), *rest]
    except ValueError as error:
        raise ValueError(f"{names[0]!r} has the shape {first.shape}, which no kernel of this network has.") from error
    for name, tensor, value, weight in zip(names, (first, *rest), values, layer.weights):
        if value.shape != weight.shape:
            turned = f", which makes {value.shape} here" if value.shape != tensor.shape else ""
            raise ValueError(f"{name!r} has the shape {tensor.shape}{turned}; this network has {tuple(weight.shape)}.")
    layer.set_weights(values)


def _as_kernel(layer: keras.Layer, tensor: np.ndarray) -> np.ndarray:
    """PyTorch orders a kernel [out, in, height, width], Keras [height, width, in, out], of a depthwise one [h, w, in, 1]."""
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return tensor.transpose(2, 3, 0, 1)
    if isinstance(layer, keras.layers.Conv2D):
        return tensor.transpose(2, 3, 1, 0)
    if isinstance(layer, keras.layers.Dense):
        return tensor.reshape(tensor.shape[:2]).T  # 1×1 convolutions in timm's small networks
    return tensor


def _renamed(tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Give the tensors of the authors' own files, and of networks that PyTorch wrapped, the names and shapes of timm."""
    for wrapper in (*_WRAPPERS, *_WRAPPERS):  # one may lie within the other
        if all(name.startswith(wrapper) for name in tensors):
            tensors = {name.removeprefix(wrapper): tensor for name, tensor in tensors.items()}
    if not any(name.startswith("downsample_layers.") for name in tensors):
        return dict(tensors)
    named = {}
    for name, tensor in tensors.items():
        name = re.sub(r"^downsample_layers\.0\.", "stem.", name)
        name = re.sub(r"^downsample_layers\.(\d+)\.", r"stages.\1.downsample.", name)
        name = re.sub(r"^stages\.(\d+)\.(\d+)\.", r"stages.\1.blocks.\2.", name)
        name = name.replace(".dwconv.", ".conv_dw.").replace(".pwconv", ".mlp.fc")
        name = name.replace(".grn.gamma", ".mlp.grn.weight").replace(".grn.beta", ".mlp.grn.bias")
        name = re.sub(r"^norm\.", f"{_HEAD_NORM}.", name)
        named[name] = tensor.reshape(-1) if ".grn." in name else tensor
    return named
