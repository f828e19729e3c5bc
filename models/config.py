"""Settings of the model."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from car_classifier.base.errors import UserError
from models.freezing import frozen_stages, parse_x_trainable
from models.network_options import NETWORK_OPTIONS, check_stages, network_options
from models.registry import ModelEntry, model_entry

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
        x_trainable: which of the backbone's own layers train: "all", "none", "partial" (last four), how many of the last,
            or "after_stage_<k>": all behind the k-th stage. Blocks behind stages are fresh and always train.
        fc_layers: widths of the Dense layers of the head; None: the model's own.
        dropout: share of units dropped after each of them, in [0, 1); None: the model's own.
        spatial_dropout: share of channels dropped before the gates, in [0, 1); None: the model's own.
        classifier_dropout: share of units dropped just before the last layer, in [0, 1); None: the model's own.
        attention_ratio: reduction ratio of the attention blocks.
        se_ratio: reduction ratio of the SE blocks.
        custom_layers: whether each kind of gate stands twice; None: the model's own.
        gates: "both" kinds, "attention" or "se" alone, "none", or "placebo": as many weights that do not see the picture;
            None: the model's own.
        identity_start: whether fresh gates and blocks multiply by exactly 1, so that pretrained features start unharmed.
        pooling: "flatten" or "average"; None: the model's own.
        se_after_stages: stages, counted from 1, behind which an SE block stands (with `se_ratio`).
        scra_after_stages: stages behind which selective channel recalibration stands, after the SE block if both do.
        unit_scale: whether blocks behind stages read features at unit scale, so that features in the hundreds do not saturate
            them; None: as `identity_start`.
        width_multiplier: how many times the standard number of channels (MobileNets); None: the model's own.
        stochastic_depth: share of pictures whose last residual branch is dropped, less before; None: the model's own.
        scaling: depth and width, "b0" … "b7", of an EfficientNet from scratch; None: the model's own.
        filters: number of filters of each convolution of the simple CNN; None: the model's own.
        kernel_size: of these convolutions; None: the model's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "efficientnetb0"
    weights: str | None = None
    x_trainable: Annotated[str | int, BeforeValidator(_checked_x_trainable)] = "all"
    fc_layers: tuple[Count, ...] | None = None
    dropout: Ratio | None = None
    spatial_dropout: Ratio | None = None
    classifier_dropout: Ratio | None = None
    attention_ratio: Count = 8
    se_ratio: Count = 16
    custom_layers: bool | None = None
    gates: Literal["both", "attention", "se", "none", "placebo"] | None = None
    identity_start: bool = False
    pooling: Literal["flatten", "average"] | None = None
    se_after_stages: tuple[Count, ...] = ()
    scra_after_stages: tuple[Count, ...] = ()
    unit_scale: bool | None = None
    width_multiplier: float | None = None
    stochastic_depth: float | None = None
    scaling: str | None = None
    filters: tuple[Count, ...] | None = None
    kernel_size: Count | None = None

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            model_entry(name)
        except UserError as error:
            raise ValueError(str(error)) from error
        return name

    @model_validator(mode="after")
    def _fits_the_model(self) -> "ModelConfig":
        try:
            network_options(self.name, {option: getattr(self, option) for option in NETWORK_OPTIONS})
            for option in ("se_after_stages", "scra_after_stages"):
                check_stages(self.name, option, getattr(self, option))
            stage = frozen_stages(self.x_trainable)
            check_stages(self.name, "x_trainable", (stage,) if stage else (), received=self.x_trainable)
        except UserError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def entry(self) -> ModelEntry:
        """The model's line in the table, at the scaling and the width that were chosen."""
        return model_entry(self.name).scaled(self.scaling, self.width_multiplier)

    @property
    def has_blocks(self) -> bool:
        """Whether there are blocks behind stages."""
        return bool(self.se_after_stages or self.scra_after_stages)

    @property
    def recalibrates(self) -> bool:
        """Whether there is any gate in the head, or a block behind a stage."""
        return self.has_blocks or (self.gates or self.entry.head.gates) != "none"

    @property
    def trains_head_alone(self) -> bool:
        """Whether nothing trains in front of the last stage's end, so that a picture's features stay what they are."""
        last = len(self.entry.stages)
        blocks = (*self.se_after_stages, *self.scra_after_stages)
        return self.x_trainable in ("none", 0) and all(stage == last for stage in blocks)
