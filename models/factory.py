"""From a backbone to `create_<name>_model`: the one place where all models are put together."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras

from car_classifier.base.errors import UserError
from models.freezing import freeze
from models.head import add_head
from models.pretrained import load_backbone_weights
from models.registry import model_entry
from models.weight_files import default_weights_dir, locate_weights

Backbone = Callable[[keras.KerasTensor], keras.KerasTensor]


def make_model_function(name: str, backbone: Backbone) -> Callable[..., keras.Model]:
    """Return `create_<name>_model`.

    Args:
        name: the model's name in the registry, whose line gives the model's own head: the defaults in the signature.
        backbone: from pictures [B, H, W, 3], RGB in [0, 255], to features [B, h, w, C], as one flat graph.

    Returns:
        A function whose keyword arguments are the fields of `ModelConfig` without `name`.
    """

    defaults = model_entry(name).head

    # The one place where more than seven parameters stand: they are the keywords of all nine models.
    def create(
        input_shape: Sequence[int],
        num_classes: int,
        *,
        fc_layers: Sequence[int] | None = defaults.fc_layers,
        dropout: float | None = defaults.dropout,
        spatial_dropout: float | None = defaults.spatial_dropout,
        attention_ratio: int | None = defaults.attention_ratio,
        se_ratio: int | None = defaults.se_ratio,
        custom_layers: bool | None = defaults.custom_layers,
        gates: str | None = defaults.gates,
        identity_start: bool | None = defaults.identity_start,
        pooling: str | None = defaults.pooling,
        x_trainable: str | int = "all",
        weights: str | Path | None = None,
    ) -> keras.Model:
        options = defaults.replaced(
            fc_layers=fc_layers,
            dropout=dropout,
            spatial_dropout=spatial_dropout,
            attention_ratio=attention_ratio,
            se_ratio=se_ratio,
            custom_layers=custom_layers,
            gates=gates,
            identity_start=identity_start,
            pooling=pooling,
        )
        path = locate_weights(name, weights, default_weights_dir())
        pictures = keras.Input(_checked_shape(name, input_shape), name="pictures")
        probabilities = add_head(backbone(pictures), _checked_classes(num_classes), options)
        model = keras.Model(pictures, probabilities, name=name)
        if path is not None:
            load_backbone_weights(model, path)
        freeze(model, x_trainable)
        return model

    create.__name__ = create.__qualname__ = f"create_{name}_model"
    create.__module__ = model_entry(name).create.partition(":")[0]
    create.__doc__ = _DOCSTRING.format(name=name)
    return create


_DOCSTRING = """Make a {name} classifier: preprocessing, backbone and head in one flat graph.

    Args:
        input_shape: height, width and 3; pictures reach the model as RGB in [0, 255].
        num_classes: number of classes, at least 2.
        fc_layers, dropout, spatial_dropout, attention_ratio, se_ratio, custom_layers, gates, identity_start, pooling: the
            head, see `models.head_options.HeadOptions`; None takes the model's own.
        x_trainable: "all", "none", "partial" or a number of last backbone layers, see `models.freezing.freeze`.
        weights: "imagenet" or another name that the registry lists (from the default folder, downloaded when missing),
            a file, or None or "none" for random weights.

    Returns:
        A model from pictures [B, H, W, 3] to probabilities [B, num_classes], float32.

    Raises:
        UserError: an argument is outside its range, or weights are not there.
    """


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
