"""Settings of the model."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from car_classifier.base.errors import UserError
from models.freezing import parse_x_trainable
from models.registry import model_entry

Ratio = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


def _checked_x_trainable(value):
    try:
        return parse_x_trainable(value)
    except UserError as error:
        raise ValueError(str(error)) from error


class ModelConfig(BaseModel):
    """Which model, how it ends and which layers train; field names are the keyword names of `create_<name>_model`.

    Args:
        name: the model's name in the registry.
        weights: "imagenet", "imagenet22k", "none", a file, or None: decided by the data and the model.
        x_trainable: "all", "none", "partial" (last four) or how many of the last backbone layers train.
        fc_layers: widths of the Dense layers of the head; None: the model's own.
        dropout: share of units dropped after each of them, in [0, 1); None: the model's own.
        spatial_dropout: share of channels dropped before the gates, in [0, 1).
        attention_ratio: reduction ratio of the attention blocks.
        se_ratio: reduction ratio of the SE blocks.
        custom_layers: whether each kind of gate stands twice; None: the model's own.
        gates: "both" kinds, "attention" or "se" alone, "none", or "placebo": as many weights that do not see the picture.
        identity_start: whether fresh gates multiply by exactly 1, so that pretrained features start unharmed.
        pooling: "flatten" or "average"; None: the model's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "efficientnetb0"
    weights: str | None = None
    x_trainable: Annotated[str | int, BeforeValidator(_checked_x_trainable)] = "all"
    fc_layers: tuple[Count, ...] | None = None
    dropout: Ratio | None = None
    spatial_dropout: Ratio = 0.2
    attention_ratio: Count = 8
    se_ratio: Count = 16
    custom_layers: bool | None = None
    gates: Literal["both", "attention", "se", "none", "placebo"] = "both"
    identity_start: bool = False
    pooling: Literal["flatten", "average"] | None = None

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            model_entry(name)
        except UserError as error:
            raise ValueError(str(error)) from error
        return name
