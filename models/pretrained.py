"""Weights from a file into the backbone of a model."""

import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import h5py
import keras
import numpy as np

from car_classifier.base.errors import DataError, UserError
from models.freezing import BLOCK_PREFIX, HEAD_NORMALIZATION, backbone_layers, head_layers, pretrained_layers
from models.registry import MODELS
from models.timm_weights import fill_from_tensors, read_tensors
from models.weight_files import TENSOR_FILES

ENDINGS = (".h5", ".keras", *TENSOR_FILES)


def load_backbone_weights(model: keras.Model, path: Path) -> None:
    """Fill the backbone of `model`, and a normalisation that ends the network, from a file.

    The rest of the head and blocks that the file lacks are left alone.

    Args:
        model: a model with this program's head.
        path: `.h5` or `.weights.h5` with the weights of a backbone without its classifier or of a whole model of this
            program, `.keras` with such a model, or `.safetensors`, `.pth` or `.pt` in the form of timm.

    Raises:
        DataError: the file cannot be read.
        UserError: the file holds weights of another model, or its name ends otherwise.
    """
    if path.suffix not in ENDINGS:
        expected = ", ".join(ENDINGS)
        raise UserError(f"{path} cannot be read as weights by its ending. Expected: {expected}; rename it if it is one.")
    try:
        _fill_backbone(model, path)
    except DataError as error:
        entry = MODELS.get(model.name)
        if entry is None or path.name not in {published.file_name for published in entry.weights}:
            raise
        raise DataError(f"{error}\nIf it is the file that was downloaded: delete it, and it is fetched again.") from error


def _fill_backbone(model: keras.Model, path: Path) -> None:
    try:
        # Keras only warns of layers that it leaves as they were.
        with warnings.catch_warnings(action="error", category=UserWarning):
            _read_into_backbone(model, path)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as weights; it is damaged or of another kind: {error}") from error
    except (ValueError, KeyError, TypeError, UserWarning) as error:
        bare = ", without its classifier" if path.suffix == ".h5" and not path.name.endswith(".weights.h5") else ""
        raise UserError(
            f"{path} does not fit the backbone of model {model.name!r}: {str(error).splitlines()[0]}\n"
            f"Expected: the weights of the same network, of the same width{bare}."
        ) from error
    for layer in pretrained_layers(model):
        if not all(np.isfinite(array).all() for array in layer.get_weights()):
            raise DataError(f"{path} is damaged: weights of layer {layer.name!r} are no numbers (NaN, infinite).")


def _read_into_backbone(model: keras.Model, path: Path) -> None:
    if path.suffix in TENSOR_FILES:
        fill_from_tensors(model, read_tensors(path))
        return
    readable = h5py.is_hdf5 if path.suffix == ".h5" else zipfile.is_zipfile
    if not readable(path):
        raise OSError("the beginning or the end is missing")
    if path.suffix != ".h5":
        _copy_weights(keras.saving.load_model(path, compile=False), model)
    elif path.name.endswith(".weights.h5"):
        _load_counted(model, path)
    else:
        with h5py.File(path) as file:
            _fill_in_order(pretrained_layers(model), list(_layers_of_file(file)))


def _load_counted(model: keras.Model, path: Path) -> None:
    """Load the network from `.weights.h5`, whose names count the layers of each kind, so that all of a kind are needed."""
    with h5py.File(path) as file:
        file.visititems(_check_written)  # Keras reads an array before it looks at its shape
    features, last = backbone_layers(model)[-1].output, pretrained_layers(model)[-1]
    if last.name != HEAD_NORMALIZATION:
        keras.Model(model.inputs[0], features).load_weights(path)
        return
    stand_in = keras.layers.LayerNormalization.from_config(last.get_config())  # without the gates before it
    keras.Model(model.inputs[0], stand_in(keras.layers.GlobalAveragePooling2D()(features))).load_weights(path)
    last.set_weights(stand_in.get_weights())


def _check_written(name: str, item: h5py.Group | h5py.Dataset) -> None:
    if isinstance(item, h5py.Dataset) and item.id.get_storage_size() < item.nbytes:
        raise OSError(f"{name} is compressed or was never written, which Keras does not do")


def _layers_of_file(file: h5py.File) -> Iterator[list[h5py.Dataset]]:
    """Yield the weights of each layer that has any, unread, in the order of the format in which Keras published its own."""
    content = file["model_weights"] if "model_weights" in file else file
    for layer in content.attrs["layer_names"]:
        names = content[layer].attrs["weight_names"]
        if len(names):
            yield [content[layer][name] for name in names]


def _copy_weights(source: keras.Model, target: keras.Model) -> None:
    given = pretrained_layers(source) if head_layers(source) else [layer for layer in source.layers if layer.weights]
    _fill_in_order(pretrained_layers(target), [layer.get_weights() for layer in given])
    blocks = {layer.name: layer for layer in source.layers if layer.name.startswith(BLOCK_PREFIX)}
    for layer in backbone_layers(target):
        if layer.name in blocks:
            layer.set_weights(blocks[layer.name].get_weights())


def _fill_in_order(layers: Sequence[keras.Layer], weights: Sequence[Iterable[np.ndarray | h5py.Dataset]]) -> None:
    """Fill each layer; what is wrong is found before anything is read of a file, which may unpack to any size."""
    if len(weights) != len(layers):
        raise ValueError(f"{len(layers)} layers with weights expected, {len(weights)} received.")
    for layer, arrays in zip(layers, weights, strict=True):
        expected, received = [weight.shape for weight in layer.weights], [getattr(array, "shape", None) for array in arrays]
        if expected != received:
            raise ValueError(f"layer {layer.name} has weights of {_shapes(expected)}; received: {_shapes(received)}.")
    for layer, arrays in zip(layers, weights, strict=True):
        layer.set_weights([array[()] for array in arrays])
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def _shapes(shapes: Sequence[Sequence[int] | None]) -> str:
    return ", ".join("no array" if shape is None else "×".join(map(str, shape)) or "one number" for shape in shapes)
