"""Weights that others trained: where they lie, how they come and how they get into a backbone."""

import contextlib
import hashlib
import os
import sys
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path

import h5py
import keras

from car_classifier.base.errors import DataError, UserError
from models.freezing import backbone_layers, head_layers
from models.registry import PublishedWeights, model_entry, published_weights


def default_weights_dir() -> Path:
    """Return the folder of downloaded weights: `weights` in CAR_CLASSIFIER_HOME or in ~/.cache/car_classifier."""
    home = os.environ.get("CAR_CLASSIFIER_HOME") or "~/.cache/car_classifier"
    return Path(home).expanduser() / "weights"


def weights_at_hand(name: str, weights_dir: Path) -> Path | None:
    """Return the file with the first published weights of model `name` if it lies in `weights_dir`, without network."""
    for entry in model_entry(name).weights:
        if (weights_dir / entry.file_name).is_file():
            return weights_dir / entry.file_name
    return None


def locate_weights(name: str, weights: str | Path | None, weights_dir: Path) -> Path | None:
    """Return the file with the weights that the user asked for, downloading published ones when they are missing.

    Args:
        name: the model's name in the registry.
        weights: None or "none" for random ones, a name that the registry lists ("imagenet"), or a file, by its path or
            by its name in `weights_dir`.
        weights_dir: folder of published weights; made when something is downloaded.

    Raises:
        UserError: no such weights or file, or the download failed; says where to put which file.
        DataError: the file of published weights is damaged.
    """
    if weights is None or weights == "none":
        return None
    for file in (Path(weights), weights_dir / weights):
        if file.is_file():
            return file
    if isinstance(weights, Path) or Path(weights).suffix or os.sep in weights:
        raise UserError(
            f"There is no file of weights {str(weights)!r}.\n"
            "Pass --weights imagenet, --weights none, or a file ending in .h5, .weights.h5 or .keras."
        )
    published = published_weights(name, weights)
    path = weights_dir / published.file_name
    if not path.is_file():
        _download(published, path)
    _check_hash(path, published.file_hash)
    return path


def _download(published: PublishedWeights, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Into a folder of its own, so that a download that is killed leaves no half file under the final name;
        # the progress bar goes to stderr, because stdout belongs to --json.
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, contextlib.redirect_stdout(sys.stderr):
            file = keras.utils.get_file(
                path.name, published.url, file_hash=published.file_hash, cache_dir=folder, cache_subdir=""
            )
            os.replace(file, path)
    except Exception as error:  # Keras raises bare Exception when a URL cannot be fetched
        reason = str(error).splitlines()[0]
        raise UserError(
            f"The weights {published.name!r} could not be downloaded: {reason}\n"
            f"Save {published.url}\nas {path}, "
            "or pass --weights none to train from random weights."
        ) from error


def _check_hash(path: Path, expected: str) -> None:
    with open(path, "rb") as file:
        received = hashlib.file_digest(file, "md5" if len(expected) == 32 else "sha256").hexdigest()
    if received != expected:
        raise DataError(
            f"{path} is damaged: its hash is {received}, expected {expected}.\n"
            "Delete it, so that it is downloaded again, or pass the file itself with --weights to use it all the same."
        )


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
