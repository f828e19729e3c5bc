"""What settings that were left open become, by data set and model."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from car_classifier.augmentation_preset import apply_preset
from car_classifier.base.errors import UserError
from car_classifier.config import Config
from car_classifier.training.l2_sp import check_l2_sp
from car_classifier.training.phases import main_learning_rate
from data.augmentation_config import LATER
from data.dataset import Dataset
from data.joining import JOINT
from models.registry import model_entry
from results.run_store import PLACES

# A small network on small pictures in a minute or two; settings that the user gives go first.
DEMO = {"training.epochs": 20, "training.schedule": "cosine", "model.dropout": 0.2}
DEMO_IMAGE_SIZE = 64
# Settings that came after runs had names: at its default each is left out of a name, so that a run is found again.
LATER_SETTINGS = (
    "data.classes", "data.label_level", "data.test_fraction", "training.layer_rate_decay", "training.loss",
    "training.focal_gamma", "training.l2_sp", "model.unit_scale",
    *(f"augmentation.{name}" for name in LATER),
)
SMALL_PICTURES = {"cifar10": 32, "cifar100": 32}


def default_model(source: str) -> str:
    """Return the model to train when none is named."""
    return "model1" if source == "demo" else "efficientnetb0"


def default_weights(model: str, source: str) -> str:
    """Return the name of the weights that a model starts from when none are named: the first that are published."""
    weights = model_entry(model).weights
    return weights[0].name if weights and source != "demo" else "none"


def resolve_config(config: Config, given: set[str]) -> Config:
    """Return `config` with every open setting decided that needs no look at the pictures.

    Args:
        given: dotted names that the user set; a preset's values and the demo's small ones apply only to others.
    """
    config = apply_preset(config, given)
    source, entry = config.data.source, config.model.entry
    values: dict[str, Any] = {}
    if config.model.weights is None:
        values["model.weights"] = default_weights(config.model.name, source)
    weights = values.get("model.weights", config.model.weights)
    if config.data.image_size is None:
        values["data.image_size"] = _image_size(source, entry, pretrained=weights != "none")
    if config.model.scaling is not None and config.model.classifier_dropout is None and entry.scales_pictures:
        values["model.classifier_dropout"] = entry.head.classifier_dropout
    # Without what they concern, these do nothing, and a run is the same as one without them.
    if not config.model.has_blocks:
        values["model.unit_scale"] = None
    if not config.model.recalibrates:
        values["model.identity_start"] = False
    if source == "demo":
        values |= {name: value for name, value in DEMO.items() if name not in given}
    if config.augmentation.augment is None:
        online = not config.model.trains_head_alone and config.data.augmented_copies is None
        values["augmentation.augment"] = online or bool(config.training.cached_views)
    if config.training.cached_views and config.augmentation.mixes:
        raise UserError("Cached views cannot be mixed: set training.cached_views=0, or cutmix_alpha and mixup_alpha to 0.")
    names = [published.name for published in entry.weights]
    check_l2_sp(config.training, pretrained=weights != "none", x_trainable=config.model.x_trainable, published=names)
    if config.training.class_weights and config.data.balanced_sampling:
        raise UserError("Uneven classes are corrected twice: keep training.class_weights or data.balanced_sampling.")
    if config.training.learning_rate is None:
        values["training.learning_rate"] = main_learning_rate(
            config.training, pretrained=weights != "none", x_trainable=config.model.x_trainable
        )
    return config.override(values)


def resolve_for_data(config: Config, dataset: Dataset) -> Config:
    """Return `config` with what depends on the pictures found: whether to cut them to their boxes."""
    if config.data.cut_to_box is not None:
        return config
    return config.override({"data.cut_to_box": dataset.has_boxes})


def run_name(command: str, config: Config, identity: Mapping[str, Any] = MappingProxyType({}), *,
             model: str | None = None) -> str:
    """Return `<command>-<model>-<data>-<8 hex digits of settings, seed and `identity`>`.

    Args:
        model: that the run is named after; None: that of the settings.
    """
    usual = jsonable(Config())
    unsaid = {name for name, value in jsonable(config).items() if name in LATER_SETTINGS and value == usual[name]}
    settings = {name: value for name, value in jsonable(config).items() if name not in {*PLACES, *unsaid}} | dict(identity)
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:8]
    sources = JOINT.join(Path(part).name for part in config.data.source.split(JOINT))
    data = re.sub(r"[^A-Za-z0-9_]+", "_", sources).strip("_")[:40] or "data"
    return f"{command}-{model or config.model.name}-{data}-{digest}"


def jsonable(config: Config) -> dict[str, Any]:
    """Return every setting under its dotted name, as built-in types."""
    tree = config.model_dump(mode="json")
    return {name: tree[name.partition(".")[0]][name.partition(".")[2]] if "." in name else tree[name]
            for name, _ in config.flat()}


def _image_size(source: str, entry: Any, *, pretrained: bool) -> int:
    if source == "demo":
        return max(DEMO_IMAGE_SIZE, entry.min_image_size)
    if source in SMALL_PICTURES and not pretrained:
        return max(SMALL_PICTURES[source], entry.min_image_size)
    return entry.image_size


def full_settings(config: Config) -> dict[str, Any]:
    """Return all settings, with the model's own head and network where the settings leave them open."""
    values, entry = jsonable(config), config.model.entry
    for field, own in {**dataclasses.asdict(entry.head), **entry.options}.items():
        name = f"model.{field}"
        if name in values and values[name] is None:
            values[name] = list(own) if isinstance(own, tuple) else own
    if values["model.unit_scale"] is None:
        values["model.unit_scale"] = config.model.identity_start
    return values
