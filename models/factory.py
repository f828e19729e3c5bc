"""From a backbone to `create_<name>_model`: the one place where all models are put together."""

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import keras

from car_classifier.base.errors import UserError
from models.freezing import freeze, frozen_stages
from models.head import add_head
from models.head_options import HEAD_OPTIONS, HeadOptions
from models.network_options import NETWORK_OPTIONS, check_stages, network_options
from models.pretrained import load_backbone_weights
from models.registry import model_entry
from models.stage_blocks import StageBlocks, insert_stage_blocks
from models.weight_files import default_weights_dir, locate_weights

Backbone = Callable[..., keras.KerasTensor]


def make_model_function(name: str, backbone: Backbone) -> Callable[..., keras.Model]:
    """Return `create_<name>_model`.

    Args:
        name: the model's name in the registry, whose line gives the model's own head: the defaults in the signature.
        backbone: from pictures [B, H, W, 3], RGB in [0, 255], to features [B, h, w, C], as one flat graph of layers; its
            keywords are the options of the model's line.

    Returns:
        A function whose keyword arguments are the fields of `ModelConfig` without `name`.
    """
    signature = _signature(name)

    def create(*args: Any, **kwargs: Any) -> keras.Model:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        return _create(name, backbone, **given.arguments)

    # The same keywords for all models, with defaults of their own: written down once instead of once per model.
    create.__signature__ = signature
    create.__name__ = create.__qualname__ = f"create_{name}_model"
    create.__module__ = model_entry(name).create.partition(":")[0]
    create.__doc__ = _DOCSTRING.format(name=name)
    return create


def _signature(name: str) -> Signature:
    entry = model_entry(name)
    defaults = {option: getattr(entry.head, option) for option in HEAD_OPTIONS}
    if entry.scales_pictures:
        defaults["classifier_dropout"] = None  # decided by the scaling
    defaults |= {"se_after_stages": (), "scra_after_stages": (), "unit_scale": None, **dict.fromkeys(NETWORK_OPTIONS)}
    defaults |= {"x_trainable": "all", "weights": None}
    shape = [Parameter(argument, Parameter.POSITIONAL_OR_KEYWORD) for argument in ("input_shape", "num_classes")]
    return Signature(
        [*shape, *(Parameter(option, Parameter.KEYWORD_ONLY, default=value) for option, value in defaults.items())],
        return_annotation=keras.Model,
    )


def _create(
    name: str, backbone: Backbone, *, input_shape: Sequence[int], num_classes: int, x_trainable: str | int,
    weights: str | Path | None, **options: Any,
) -> keras.Model:
    own = network_options(name, {option: options[option] for option in NETWORK_OPTIONS})
    entry = model_entry(name).scaled(own.get("scaling"))
    head = entry.head.replaced(**{option: options[option] for option in HEAD_OPTIONS})
    blocks = _checked_blocks(name, options, head)
    stage = frozen_stages(x_trainable)
    check_stages(name, "x_trainable", (stage,) if stage else (), received=x_trainable)
    path = locate_weights(name, weights, default_weights_dir(), width_multiplier=own.get("width_multiplier"))
    pictures = keras.Input(_checked_shape(name, input_shape), name="pictures")
    features = insert_stage_blocks(pictures, backbone(pictures, **own), entry.stages, blocks)
    model = keras.Model(pictures, add_head(features, _checked_classes(num_classes), head), name=name)
    if path is not None:
        load_backbone_weights(model, path)
    freeze(model, x_trainable)
    return model


_DOCSTRING = """Make a {name} classifier: preprocessing, backbone and head in one flat graph.

    Args:
        input_shape: height, width and 3; pictures reach the model as RGB in [0, 255].
        num_classes: number of classes, at least 2.
        fc_layers, dropout, spatial_dropout, classifier_dropout, attention_ratio, se_ratio, custom_layers, gates,
            identity_start, pooling: the head, see `models.head_options.HeadOptions`; None takes the model's own.
        se_after_stages, scra_after_stages, unit_scale: blocks behind stages, see `models.stage_blocks.StageBlocks`.
        width_multiplier, stochastic_depth, scaling, filters, kernel_size: the network, see `models.config.ModelConfig`; None
            takes the model's own, and only some models have each.
        x_trainable: "all", "none", "partial", a number of last backbone layers or "after_stage_<k>", see
            `models.freezing.freeze`.
        weights: "imagenet" or another name that the registry lists (from the default folder, downloaded when missing),
            a file, or None or "none" for random weights.

    Returns:
        A model from pictures [B, H, W, 3] to probabilities [B, num_classes], float32.

    Raises:
        UserError: an argument is outside its range, or weights are not there.
    """


def _checked_blocks(name: str, options: dict[str, Any], head: HeadOptions) -> StageBlocks:
    stages = [options[option] for option in ("se_after_stages", "scra_after_stages")]
    for option, given in zip(("se_after_stages", "scra_after_stages"), stages, strict=True):
        check_stages(name, option, given)
    return StageBlocks(
        *stages, se_ratio=head.se_ratio, identity_start=head.identity_start, unit_scale=options["unit_scale"]
    )


def _checked_shape(name: str, input_shape: Sequence[int]) -> tuple[int, int, int]:
    shape = tuple(input_shape)
    if len(shape) != 3 or shape[2] != 3 or not all(isinstance(size, int) for size in shape):
        raise UserError(f"`input_shape` must be (height, width, 3). Received: {input_shape!r}.")
    smallest = model_entry(name).min_image_size
    if min(shape[:2]) < smallest:
        raise UserError(
            f"Model {name!r} needs pictures of at least {smallest}×{smallest} pixels. "
            f"Received: {shape[0]}×{shape[1]}.\nPass --image-size {smallest} or more, or choose another model."
        )
    return shape


def _checked_classes(num_classes: int) -> int:
    if num_classes < 2:
        raise UserError(f"`num_classes` must be at least 2. Received: {num_classes!r}.")
    return num_classes
