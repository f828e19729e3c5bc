"""How the head of a model looks; Keras is not needed to say so."""

from dataclasses import dataclass, fields
from typing import Any

from car_classifier.base.errors import UserError

# The kinds of gate that stand in a head, by the name of the setting; those of the placebo do not see the picture.
GATES = {
    "both": ("attention", "se"), "attention": ("attention",), "se": ("se",), "none": (), "placebo": ("attention", "se"),
}


@dataclass(frozen=True)
class HeadOptions:
    """How the head of a model looks.

    Args:
        fc_layers: widths of the Dense layers before the last one; may be empty.
        dropout: share of units dropped after each of them, in [0, 1).
        spatial_dropout: share of whole channels dropped before the gates, in [0, 1).
        attention_ratio: `reduction_ratio` of the attention blocks, at least 1.
        se_ratio: `reduction_ratio` of the SE blocks, at least 1.
        custom_layers: whether each kind of gate stands twice.
        gates: a name of `GATES`: which kinds of gate there are, and whether they see the picture.
        identity_start: whether fresh gates multiply by exactly 1, so that pretrained features start unharmed.
        pooling: "flatten" or "average" (global).
        normalization: whether the pooled features are normalised (over the features of each picture).
        classifier_dropout: share of units dropped just before the last layer, in [0, 1).

    Raises:
        UserError: a value is outside its range.
    """

    fc_layers: tuple[int, ...] = (512,)
    dropout: float = 0.5
    spatial_dropout: float = 0.2
    attention_ratio: int = 8
    se_ratio: int = 16
    custom_layers: bool = True
    gates: str = "both"
    identity_start: bool = False
    pooling: str = "flatten"
    normalization: bool = False
    classifier_dropout: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "fc_layers", tuple(self.fc_layers))
        require(all(units >= 1 for units in self.fc_layers), "fc_layers", "widths of at least 1", self.fc_layers)
        for name in ("dropout", "spatial_dropout", "classifier_dropout"):
            require(0 <= getattr(self, name) < 1, name, "at least 0 and below 1", getattr(self, name))
        for name in ("attention_ratio", "se_ratio"):
            ratio = getattr(self, name)
            require(type(ratio) is int and ratio >= 1, name, "a positive integer", ratio)
        require(self.gates in GATES, "gates", f"one of {', '.join(map(repr, GATES))}", self.gates)
        require(self.pooling in ("flatten", "average"), "pooling", "'flatten' or 'average'", self.pooling)

    def replaced(self, **options: Any) -> "HeadOptions":
        """Return a copy with `options` in place; an option of None keeps the value that stands here."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return HeadOptions(**{**own, **{name: value for name, value in options.items() if value is not None}})


def require(holds: bool, name: str, expected: str, received: Any) -> None:
    """Raise a UserError about the option `name` unless `holds`."""
    if not holds:
        raise UserError(f"`{name}` must be {expected}. Received: {received!r}.")


# What a user may choose; whether there is a normalisation belongs to the network.
HEAD_OPTIONS = tuple(field.name for field in fields(HeadOptions) if field.name != "normalization")
