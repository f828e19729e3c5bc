"""From a backbone to `create_<name>_model`: the one place where all models are put together."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras

from car_classifier.base.errors import UserError
from models.freezing import freeze, frozen_stages
from models.head import add_head
from models.network_options import check_stages, network_options
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

    entry = model_entry(name)
    defaults = entry.head

    # The one place where more than seven parameters stand: they are the keywords of all models.
    def create(
        input_shape: Sequence[int],
        num_classes: int,
        *,
        fc_layers: Sequence[int] | None = defaults.fc_layers,
        dropout: float | None = defaults.dropout,
        spatial_dropout: float | None = defaults.spatial_dropout,
        classifier_dropout: float | None = defaults.classifier_dropout,
        attention_ratio: int | None = defaults.attention_ratio,
        se_ratio: int | None = defaults.se_ratio,
        custom_layers: bool | None = defaults.custom_layers,
        gates: str | None = defaults.gates,
        identity_start: bool | None = defaults.identity_start,
        pooling: str | None = defaults.pooling,
        se_after_stages: Sequence[int] = (),
        scra_after_stages: Sequence[int] = (),
        width_multiplier: float | None = None,
        stochastic_depth: float | None = None,
        scaling: str | None = None,
        filters: Sequence[int] | None = None,
        kernel_size: int | None = None,
        x_trainable: str | int = "all",
        weights: str | Path | None = None,
    ) -> keras.Model:
        head = defaults.replaced(
            fc_layers=fc_layers,
            dropout=dropout,
            spatial_dropout=spatial_dropout,
            classifier_dropout=classifier_dropout,
            attention_ratio=attention_ratio,
            se_ratio=se_ratio,
            custom_layers=custom_layers,
            gates=gates,
            identity_start=identity_start,
            pooling=pooling,
        )
        given = {
            "width_multiplier": width_multiplier, "stochastic_depth": stochastic_depth, "scaling": scaling,
            "filters": filters, "kernel_size": kernel_size,
        }
        options = network_options(name, given)
        _check_stages(name, se_after_stages, scra_after_stages, frozen_stages(x_trainable))
        path = locate_weights(name, weights, default_weights_dir())
        pictures = keras.Input(_checked_shape(name, input_shape), name="pictures")
        blocks = StageBlocks(se_after_stages, scra_after_stages, head.se_ratio, head.identity_start)
        features = insert_stage_blocks(pictures, backbone(pictures, **options), entry.stages, blocks)
        probabilities = add_head(features, _checked_classes(num_classes), head)
        model = keras.Model(pictures, probabilities, name=name)
        if path is not None:
            load_backbone_weights(model, path)
        freeze(model, x_trainable)
        return model

    create.__name__ = create.__qualname__ = f"create_{name}_model"
    create.__module__ = entry.create.partition(":")[0]
    create.__doc__ = _DOCSTRING.format(name=name)
    return create


_DOCSTRING = """Make a {name} classifier: preprocessing, backbone and head in one flat graph.

    Args:
        input_shape: height, width and 3; pictures reach the model as RGB in [0, 255].
        num_classes: number of classes, at least 2.
        fc_layers, dropout, spatial_dropout, classifier_dropout, attention_ratio, se_ratio, custom_layers, gates,
            identity_start, pooling: the head, see `models.head_options.HeadOptions`; None takes the model's own.
        se_after_stages, scra_after_stages: blocks behind stages, see `models.stage_blocks.StageBlocks`.
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


def _check_stages(name: str, se_after_stages: Sequence[int], scra_after_stages: Sequence[int], frozen: int) -> None:
    check_stages(name, "se_after_stages", se_after_stages)
    check_stages(name, "scra_after_stages", scra_after_stages)
    check_stages(name, "x_trainable", (frozen,) if frozen else ())


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
