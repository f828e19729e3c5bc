"""`model.keras`: a Keras model with its classes and picture geometry inside."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import keras
from pydantic import BaseModel, ConfigDict, ValidationError

import layers  # Keras knows our layers only after this import
from car_classifier.base.errors import DataError
from car_classifier.base.files import atomic_path
from car_classifier.thresholds import Thresholds
from data.geometry import PictureGeometry

MEMBER = "car_classifier.json"
FORMAT = 1
CUSTOM_LAYERS = {name: getattr(layers, name) for name in layers.__all__}


class ModelCard(BaseModel):
    """What prediction needs to know besides the network.

    Args:
        model_name: name in the registry of models.
        data: name of the data set.
        class_names: in the order of the probabilities.
        levels: groups above them that the data set tells: from the name of a level to the group of each class.
        geometry: how a picture becomes the model's input.
        temperature: divides the logarithms of the probabilities (`results.calibration.apply_temperature`); 1 leaves them as
            they are, and is that of runs without validation pictures and of `top3.keras`.
        thresholds: what `predict` decides by; None where there were no validation pictures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    format: int = FORMAT
    model_name: str
    data: str
    class_names: tuple[str, ...]
    levels: dict[str, tuple[str, ...]] = {}
    geometry: PictureGeometry
    temperature: float = 1.0
    thresholds: Thresholds | None = None


def save_model(network: keras.Model, path: Path, card: ModelCard | None) -> None:
    """Write `network` atomically as a .keras file, with `card` as one more member."""
    with atomic_path(path) as temporary:
        network.save(temporary)
        if card is not None:
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.writestr(MEMBER, card.model_dump_json(), zipfile.ZIP_DEFLATED)


def replace_card(path: Path, card: ModelCard) -> None:
    """Write the card of a model file anew, atomically; the network stays as it is."""
    with atomic_path(path) as temporary, zipfile.ZipFile(path) as old, zipfile.ZipFile(temporary, "w") as new:
        for member in old.infolist():
            if member.filename != MEMBER:
                with old.open(member) as source, new.open(member, "w") as target:
                    shutil.copyfileobj(source, target)
        new.writestr(MEMBER, card.model_dump_json(), zipfile.ZIP_DEFLATED)


def write_h5(network: keras.Model, folder: Path) -> None:
    """Write a copy of `network` as model.h5, for programs that read nothing newer."""
    with atomic_path(folder / "model.h5") as temporary:
        network.save(temporary)


def load_model(path: str | Path) -> keras.Model:
    """Load a model that this program saved, ready for `predict`, `evaluate` and `fit`.

    Args:
        path: a .keras file, or the folder of a run.

    Raises:
        DataError: the file is missing or damaged.
    """
    path = model_path(path)
    try:
        network = keras.saving.load_model(path, custom_objects=CUSTOM_LAYERS, compile=False)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} cannot be loaded as a model: {str(error).splitlines()[0]}") from error
    network.compile(loss="categorical_crossentropy", metrics=source_metrics(network.output_shape[-1]))
    return network


def read_card(path: str | Path) -> ModelCard:
    """Return what a model file says about its classes and pictures.

    Raises:
        DataError: the file is missing, damaged or was not written by this program.
    """
    path = model_path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return ModelCard.model_validate(json.loads(archive.read(MEMBER)))
    except (OSError, KeyError, ValueError, ValidationError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} does not say which classes it knows ({error}). Expected: a model.keras of a run.") from error


def model_path(path: str | Path) -> Path:
    """Return the model file of a run's folder, or the file itself.

    Raises:
        DataError: there is no such file.
    """
    path = Path(path)
    file = path / "model.keras" if path.is_dir() else path
    if not file.is_file():
        raise DataError(f"{file} is missing. A run has it once training is done; type its command again to finish it.")
    return file


def source_metrics(num_classes: int) -> list[Any]:
    """Return the metrics of the source as Keras objects, for use outside this program's own loop."""
    metrics = [keras.metrics.CategoricalAccuracy(name="categorical_accuracy"), keras.metrics.CategoricalAccuracy("accuracy")]
    metrics += [keras.metrics.TopKCategoricalAccuracy(k, name=f"top_{k}_accuracy") for k in (3, 5) if k < num_classes]
    return metrics + [
        keras.metrics.Precision(name="precision"), keras.metrics.Recall(name="recall"), keras.metrics.AUC(name="auc")
    ]
