"""Weights that others trained: how they get into a backbone."""

import warnings
import zipfile
import zlib
from pathlib import Path

import h5py
import keras

from car_classifier.base.errors import DataError, UserError
from models.freezing import backbone_layers, head_layers


def load_backbone_weights(model: keras.Model, path: Path) -> None:
    """Fill the backbone of `model` from a file, layer by layer in graph order; the head is left alone.

    Args:
        model: a model with this program's head.
        path: `.h5` or `.weights.h5` with the weights of a backbone without its classifier or of a whole model of this
            program, or `.keras` with such a model.

    Raises:
        DataError: the file cannot be read.
        UserError: the file holds weights of another model.
    """
    readable = h5py.is_hdf5 if path.suffix == ".h5" else zipfile.is_zipfile
    try:
        if not readable(path):
            raise OSError("the beginning or the end is missing")
        # Keras only warns of layers that it leaves as they were.
        with warnings.catch_warnings(action="error", category=UserWarning):
            _fill_backbone(model, path)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as weights; it is damaged or of another kind: {error}") from error
    except (ValueError, KeyError, TypeError, UserWarning) as error:
        raise UserError(
            f"{path} holds no weights for the backbone of model {model.name!r}: {str(error).splitlines()[0]}\n"
            "Expected: the weights of the same network without its classifier."
        ) from error


def _fill_backbone(model: keras.Model, path: Path) -> None:
    if path.suffix == ".h5":
        keras.Model(model.inputs[0], backbone_layers(model)[-1].output).load_weights(path)
    else:
        _copy_weights(keras.saving.load_model(path, compile=False), model)


def _copy_weights(source: keras.Model, target: keras.Model) -> None:
    layers = backbone_layers(source) if head_layers(source) else source.layers
    sources = [layer for layer in layers if layer.weights]
    targets = [layer for layer in backbone_layers(target) if layer.weights]
    if len(sources) != len(targets):
        raise ValueError(f"{len(targets)} layers with weights expected, {len(sources)} received.")
    for given, layer in zip(sources, targets, strict=True):
        layer.set_weights(given.get_weights())
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
