"""Which hyper-parameters a search varies when the user names none, and the checks of those that the user names."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.config import Config
from car_classifier.defaults import full_settings, resolve_config
from car_classifier.settings import check_image_size
from car_classifier.training.config import OPTIMIZER_TYPES
from car_classifier.training.l2_sp import OF_BACKBONE
from car_classifier.training.phases import trains_backbone
from models.head_options import GATES
from models.registry import model_entry
from search.dimensions.categorical import Categorical
from search.dimensions.dimension import Dimension
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange
from search.space import Space

# They say which pictures are compared, by what, and for how long: a search that varied them would compare nothing.
FIXED = (
    "seed", "data.source", "data.directory", "data.classes", "data.label_level", "data.limit", "data.validation_fraction",
    "data.test_fraction", "data.max_megapixels", "data.loader_threads", "data.memory_cache_gb", "model.name", "training.epochs",
    "training.accum_steps", "training.monitor", "training.refit", "training.precision", "training.xla",
    "training.checkpoint_minutes", "training.tensorboard", "training.cache_features",
)
GPU_FILES = ("nvidia[0-9]*", "kfd", "accel[0-9]*")  # seen without loading a backend

FC_LAYERS = ([], [256], [512], [1024], [512, 256])
OPTIMIZER, FROZEN = "training.optimizer_type", "model.x_trainable"
ADAM = {OPTIMIZER: ("Adam", "AdamW")}
# What networks that have these options are tuned by when they are trained from scratch.
NETWORK = {
    "filters": Categorical(choices=([32, 64], [64, 128], [32, 64, 128], [64, 128, 256])),
    "kernel_size": Categorical(choices=(3, 5)),
    "stochastic_depth": FloatRange(low=0, high=0.4),
}


def has_gpu() -> bool:
    """Say whether there is an accelerator that a backend may use, as far as device files and environment tell."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "unset") in ("", "-1")
    return not hidden and any(next(Path("/dev").glob(pattern), None) for pattern in GPU_FILES)


def keeps_frozen(config: Config, *, gpu: bool) -> bool:
    """Say whether the default space leaves the backbone frozen: a pretrained one on a machine without a GPU."""
    return config.model.weights != "none" and not gpu


def trains_small_heads(config: Config, space: Space, *, gpu: bool) -> bool:
    """Say whether every trial trains a head on pooled features alone: so little in a step that a second core slows it down."""
    decides = ("model.x_trainable", "model.pooling", "augmentation.augment", "training.cached_views")
    if gpu or set(decides) & set(space.dimensions) or not config.model.trains_head_alone or config.model.scra_after_stages:
        return False
    on_features = config.training.cached_views > 0 or not config.augmentation.augment
    return config.training.cache_features and on_features and full_settings(config)["model.pooling"] == "average"


def default_space(config: Config, *, gpu: bool, fc_layers: Dimension | None = None) -> dict[str, Dimension]:
    """Return the space for a model: the hyper-parameters of the source, head, schedule and augmentation.

    Args:
        config: resolved settings of the default configuration.
        gpu: without one, pretrained backbones stay as `model.x_trainable` says, and that is never searched.
        fc_layers: the user's choices, if any, on which it depends whether there is any dropout.
    """
    frozen = not trains_backbone(config.model.x_trainable)
    pretrained = config.model.weights != "none"
    dimensions = {**_head(config, fc_layers), **_optimizer(fine_tunes=pretrained and not frozen)}
    if not pretrained:
        own = model_entry(config.model.name).options
        dimensions |= {f"model.{name}": dimension for name, dimension in NETWORK.items() if name in own}
    if pretrained and gpu:
        needs_backbone = any(getattr(config.training, name) != neutral for name, neutral in OF_BACKBONE.items())
        dimensions[FROZEN] = Categorical(choices=("partial", "all") if needs_backbone else ("none", "partial", "all"))
        dimensions["augmentation.strength"] = FloatRange(low=0, high=2, when={FROZEN: ("partial", "all")})
    elif config.augmentation.augment:
        dimensions["augmentation.strength"] = FloatRange(low=0, high=2)
    return dimensions


def _head(config: Config, fc_layers: Dimension | None) -> dict[str, Dimension]:
    values = full_settings(config)
    own, gates = values["model.fc_layers"], GATES[values["model.gates"]]
    ratios = {"attention": Categorical(choices=(4, 8, 16)), "se": Categorical(choices=(8, 16, 32))}
    layers = fc_layers or Categorical(choices=FC_LAYERS if own in FC_LAYERS else (*FC_LAYERS, own))
    return {
        "model.fc_layers": layers,
        "model.dropout": FloatRange(low=0.1, high=0.5, when={"model.fc_layers": tuple(filter(None, layers.grid(1)))}),
        "model.spatial_dropout": FloatRange(low=0, high=0.4),
        **{f"model.{kind}_ratio": ratio for kind, ratio in ratios.items() if kind in gates},
    }


def _optimizer(*, fine_tunes: bool) -> dict[str, Dimension]:
    rate = FloatRange(low=1e-6, high=1e-3, log=True) if fine_tunes else FloatRange(low=1e-5, high=1e-2, log=True)
    return {
        OPTIMIZER: Categorical(choices=tuple(OPTIMIZER_TYPES)),
        "training.learning_rate": rate,
        "training.beta_1": FloatRange(low=0.85, high=0.95, when=ADAM),
        "training.beta_2": FloatRange(low=0.99, high=0.9999, when=ADAM),
        "training.momentum": FloatRange(low=0.8, high=0.99, when={OPTIMIZER: ("SGD",)}),
        "training.rho": FloatRange(low=0.8, high=0.99, when={OPTIMIZER: ("RMSprop",)}),
        "training.decay": FloatRange(low=1e-7, high=1e-5, log=True),
        "training.weight_decay": FloatRange(low=1e-6, high=1e-4, log=True),
        "training.label_smoothing": FloatRange(low=0, high=0.2),
        "training.schedule": Categorical(choices=("none", "plateau", "cosine", "step")),
        "training.batch_size": Categorical(choices=(16, 32, 64, 128)),
    }


def build_space(
    base: Mapping[str, Dimension], changes: Mapping[str, Dimension], config: Config, given: set[str]
) -> Space:
    """Return `base` with the user's ranges in place and without what the user has set to a value.

    Args:
        base: the default space, or one from a file.
        changes: from `--range`.
        config: resolved settings of the default configuration.
        given: dotted names that the user set.

    Raises:
        UserError: a name is no setting or may not vary, or a value in a range is no value for it.
    """
    both = sorted(given & set(changes))
    if both:
        raise UserError(f"{both[0]} is given a range and, with an option or --set, a value. Keep one.")
    own = {name: dimension.model_copy(update={"when": dimension.when or base[name].when}) if name in base else dimension
           for name, dimension in changes.items()}  # what belongs to one optimizer still does
    dimensions = {name: _for_setting(name, dimension) for name, dimension in {**base, **own}.items() if name not in given}
    dimensions = _with_possible_conditions(_with_training_backbone(dimensions), full_settings(config))
    idle = sorted(set(changes) - set(dimensions))
    if idle:
        raise UserError(f"A range for {idle[0]} changes nothing: what it depends on is set to another value.\nLeave it out.")
    if not dimensions:
        raise UserError("Every hyper-parameter has a value, so there is nothing to search. Give one a --range.")
    for name, dimension in dimensions.items():
        _check(name, dimension, config, given)
    try:
        return Space(dimensions=dimensions)
    except ValidationError as error:
        raise UserError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def _with_training_backbone(dimensions: dict[str, Dimension]) -> dict[str, Dimension]:
    """Return the dimensions, with what concerns the backbone's layers varied only in trials where some of these train."""
    if FROZEN not in dimensions:
        return dimensions
    when = {FROZEN: tuple(filter(trains_backbone, dimensions[FROZEN].grid(1000)))}
    names = {f"training.{name}" for name in OF_BACKBONE}
    return {name: dimension.model_copy(update={"when": {**dimension.when, **when}}) if name in names else dimension
            for name, dimension in dimensions.items()}


def _with_possible_conditions(dimensions: dict[str, Dimension], values: dict[str, Any]) -> dict[str, Dimension]:
    """Return the dimensions that can count, with conditions on what varies alone, and on what it can still be."""
    kept: dict[str, Dimension] = {}
    for name, dimension in dimensions.items():
        conditions = dimension.when.items()
        when = {other: tuple(filter(kept[other].contains, allowed)) for other, allowed in conditions if other in kept}
        decided = {other: allowed for other, allowed in conditions if other not in kept}
        met = all(other not in dimensions and values.get(other) in allowed for other, allowed in decided.items())
        if met and all(when.values()):
            kept[name] = dimension.model_copy(update={"when": when})
    return kept


def _for_setting(name: str, dimension: Dimension) -> Dimension:
    """A range written with whole numbers is one of real numbers where the setting is a real number."""
    if not isinstance(dimension, IntRange) or float not in _types(name):
        return dimension
    return FloatRange(low=dimension.low, high=dimension.high, log=dimension.log, when=dimension.when)


def _types(name: str) -> set[Any]:
    """Return the types that a setting may have; none for a name that is no setting."""
    section, _, field = name.rpartition(".")
    fields = type(getattr(Config(), section)).model_fields if section in Config.model_fields else {}
    annotation = fields[field].annotation if field in fields else None
    return {annotation, *get_args(annotation), *(inner for part in get_args(annotation) for inner in get_args(part))}


def _check(name: str, dimension: Dimension, config: Config, given: set[str]) -> None:
    known = [known for known, _ in config.flat() if known not in FIXED]
    if name in FIXED:
        raise UserError(f"{name} cannot be searched: trials that differ in it cannot be compared. Set it with --set.")
    if name not in known:
        raise UnknownNameError("hyper-parameter", name, known)
    for value in dimension.grid(2):
        check_image_size(resolve_config(config.override({name: value}), given | {name}))


def default_values(space: Space, config: Config) -> dict[str, Any]:
    """Return the values of the default configuration for the active dimensions of `space`."""
    values = full_settings(config)
    return space.active({name: values[name] for name in space.dimensions})
