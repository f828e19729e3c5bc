"""Files of weights that others trained: where they lie and how they come."""

import os
import sys
from pathlib import Path

from car_classifier.base.errors import DataError, DownloadError, UserError
from models.config import ModelConfig
from models.download import download, hash_of_file
from models.published_weights import PublishedWeights
from models.registry import find_published_weights, model_entry

TENSOR_FILES = (".safetensors", ".pth", ".pt")


def default_weights_dir() -> Path:
    """Return the folder of downloaded weights: `weights` in CAR_CLASSIFIER_HOME or in ~/.cache/car_classifier."""
    home = os.environ.get("CAR_CLASSIFIER_HOME") or "~/.cache/car_classifier"
    return Path(home).expanduser() / "weights"


def weights_of(config: ModelConfig, weights_dir: Path) -> Path | None:
    """Return the file with the weights that a model is to start from, as `locate_weights` does."""
    return locate_weights(config.name, config.weights, weights_dir, width_multiplier=config.width_multiplier)


def locate_weights(
    name: str, weights: str | Path | None, weights_dir: Path, *, width_multiplier: float | None = None
) -> Path | None:
    """Return the file with the weights that the user asked for, downloading published ones when they are missing.

    Args:
        name: the model's name in the registry.
        weights: None or "none" for random ones, a name that the registry lists ("imagenet"), or a file, by its path or
            by its name in `weights_dir`; a file of such a name is given as "./imagenet".
        weights_dir: folder of published weights; made when something is downloaded.
        width_multiplier: of the network; None: the model's own.

    Raises:
        UserError: no such weights or file.
        DownloadError: the download failed; says where to put which file.
        DataError: the file of published weights is damaged.
    """
    if weights is None or weights == "none":
        return None
    if weights not in {entry.name for entry in model_entry(name).weights}:
        for file in (Path(weights), weights_dir / weights):
            if file.is_file():
                _check_kind(file, name)
                return file
    if isinstance(weights, Path) or Path(weights).suffix or os.sep in weights:
        raise UserError(
            f"There is no file of weights {str(weights)!r}.\n"
            "Pass --weights with a name that `models` lists, --weights none, or a file ending in .h5, .weights.h5, .keras, "
            ".safetensors, .pth or .pt."
        )
    published = find_published_weights(name, weights, width_multiplier=width_multiplier)
    path = weights_dir / published.file_name
    if not path.is_file():
        _download(published, path)
    if published.file_hash is not None:
        _check_hash(path, published.file_hash)
    return path


def _check_kind(file: Path, name: str) -> None:
    reads_tensors = any(published.file_name.endswith(TENSOR_FILES) for published in model_entry(name).weights)
    if file.suffix in TENSOR_FILES and not reads_tensors:
        raise UserError(
            f"{file}: files of tensors are read for ConvNeXt alone, whose layers are called as in timm, and the model is "
            f"{name!r}.\nPass --weights with an .h5, .weights.h5 or .keras file of this network."
        )


def _download(published: PublishedWeights, path: Path) -> None:
    try:
        print(f"Weights {published.name!r}, of {published.source}; licence: {published.licence}", file=sys.stderr)
        download(published.url, path, file_hash=published.file_hash)
    except OSError as error:
        reason = str(error).removeprefix("<urlopen error ").removesuffix(">")
        raise DownloadError(
            f"The weights {published.name!r} could not be downloaded: {reason}.\n"
            f"Save {published.url} (licence: {published.licence})\n"
            f"as {path} (under another name: pass --weights FILE), or pass --weights none to train from random weights."
        ) from error


def _check_hash(path: Path, expected: str) -> None:
    received = hash_of_file(path, expected)
    if received != expected:
        raise DataError(
            f"{path} is damaged: its hash is {received}, expected {expected}.\n"
            "Delete it, so that it is downloaded again, or pass the file itself with --weights to use it all the same."
        )
