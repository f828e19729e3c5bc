"""The head that every model of this program ends with."""

from dataclasses import dataclass, fields
from typing import Any

import keras

from car_classifier.base.errors import UserError
from layers import AttentionBlock, CustomLayer, SEBlock


@dataclass(frozen=True)
class HeadOptions:
    """How the head of a model looks.

    Args:
        fc_layers: widths of the Dense layers before the last one; may be empty.
        dropout: share of units dropped after each of them, in [0, 1).
        spatial_dropout: share of whole channels dropped before the gates, in [0, 1).
        attention_ratio: `reduction_ratio` of the attention blocks, at least 1.
        se_ratio: `reduction_ratio` of the SE blocks, at least 1.
        custom_layers: whether two more gates follow, one of each kind.
        pooling: "flatten" or "average" (global).

    Raises:
        UserError: a value is outside its range.
    """

    fc_layers: tuple[int, ...] = (512,)
    dropout: float = 0.5
    spatial_dropout: float = 0.2
    attention_ratio: int = 8
    se_ratio: int = 16
    custom_layers: bool = True
    pooling: str = "flatten"

    def __post_init__(self):
        object.__setattr__(self, "fc_layers", tuple(self.fc_layers))
        _require(all(units >= 1 for units in self.fc_layers), "fc_layers", "widths of at least 1", self.fc_layers)
        _require(0 <= self.dropout < 1, "dropout", "at least 0 and below 1", self.dropout)
        _require(0 <= self.spatial_dropout < 1, "spatial_dropout", "at least 0 and below 1", self.spatial_dropout)
        _require(self.attention_ratio >= 1, "attention_ratio", "a positive integer", self.attention_ratio)
        _require(self.se_ratio >= 1, "se_ratio", "a positive integer", self.se_ratio)
        _require(self.pooling in ("flatten", "average"), "pooling", "'flatten' or 'average'", self.pooling)

    def replaced(self, **options: Any) -> "HeadOptions":
        """Return a copy with `options` in place; an option of None keeps the value that stands here."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return HeadOptions(**{**own, **{name: value for name, value in options.items() if value is not None}})


def _require(holds: bool, name: str, expected: str, received: Any) -> None:
    if not holds:
        raise UserError(f"`{name}` must be {expected}. Received: {received!r}.")


def add_head(features: keras.KerasTensor, num_classes: int, options: HeadOptions) -> keras.KerasTensor:
    """Put the head on feature maps: a chain of layers whose names all start with "head_".

    Args:
        features: the backbone's output, [B, H, W, C].
        num_classes: number of classes, at least 2.
        options: what the head consists of.

    Returns:
        Probabilities, [B, num_classes], float32 whatever the precision of the model.

    Raises:
        UserError: a gate would be wider than the features have channels.
    """
    channels = features.shape[-1]
    for name in ("attention_ratio", "se_ratio"):
        ratio = getattr(options, name)
        _require(ratio <= channels, name, f"no larger than the number of channels ({channels})", ratio)
    x = keras.layers.SpatialDropout2D(options.spatial_dropout, name="head_spatial_dropout")(features)
    x = AttentionBlock(options.attention_ratio, name="head_attention")(x)
    x = SEBlock(options.se_ratio, name="head_se")(x)
    if options.custom_layers:
        x = CustomLayer("attention", options.attention_ratio, name="head_custom_attention")(x)
        x = CustomLayer("se", options.se_ratio, name="head_custom_se")(x)
    if options.pooling == "flatten":
        x = keras.layers.Flatten(name="head_flatten")(x)
    else:
        x = keras.layers.GlobalAveragePooling2D(name="head_average")(x)
    for number, units in enumerate(options.fc_layers, start=1):
        x = keras.layers.Dense(units, activation="relu", name=f"head_dense_{number}")(x)
        x = keras.layers.Dropout(options.dropout, name=f"head_dropout_{number}")(x)
    return keras.layers.Dense(num_classes, activation="softmax", dtype="float32", name="head_probabilities")(x)
