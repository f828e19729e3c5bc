"""Settings of training; the dotted names start with `training.`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from car_classifier.base.registry import check_name

OPTIMIZER_TYPES = ["Adam", "AdamW", "SGD", "RMSprop", "AdaGrad"]
MONITORS = ["val_loss", "val_accuracy", "val_top_3_accuracy", "val_top_5_accuracy", "val_auc"]


class TrainingConfig(BaseModel):
    """How a model is trained. None stands for "decided at the start and said on the first screen"."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    epochs: int = Field(30, ge=1, description="most epochs of the main phase; early stopping may end it before")
    batch_size: int = Field(32, ge=1, description="pictures per step; an update sees batch_size × accum_steps pictures")
    accum_steps: int = Field(1, ge=1, description="batches whose gradients are averaged into one update")
    optimizer_type: str = Field("Adam", description=", ".join(OPTIMIZER_TYPES))
    learning_rate: float | None = Field(None, gt=0, description="None: 1e-3 from scratch or on a frozen backbone, else 1e-4")
    beta_1: float = Field(0.9, ge=0, lt=1, description="Adam and AdamW only")
    beta_2: float = Field(0.999, ge=0, lt=1, description="Adam and AdamW only")
    momentum: float = Field(0.9, ge=0, lt=1, description="SGD only")
    rho: float = Field(0.9, ge=0, lt=1, description="RMSprop only")
    decay: float = Field(0.0, ge=0, description="the rate is divided by 1 + decay × updates")
    layer_rate_decay: float = Field(1.0, gt=0, le=1, description="the rate of a stage (of a layer where there are none) is "
                                    "multiplied by it once per stage from the head on; 1: one rate for all")
    weight_decay: float = Field(0.0, ge=0, description="decoupled; leaves biases and normalisation alone")
    clip_norm: float | None = Field(None, gt=0, description="largest norm of the whole gradient")
    schedule: Literal["none", "plateau", "step", "cosine"] = "plateau"
    warmup_epochs: float = Field(0.0, ge=0, description="linear rise of the rate at the start of the main phase")
    step_epochs: int = Field(5, ge=1, description="epochs between falls of the rate (schedule step)")
    step_factor: float = Field(0.1, gt=0, lt=1, description="factor of each fall (schedule step)")
    plateau_factor: float = Field(0.2, gt=0, lt=1, description="factor when the validation loss stalls (schedule plateau)")
    plateau_patience: int = Field(2, ge=1, description="epochs without improvement before the rate falls")
    early_stopping_patience: int = Field(5, ge=1, description="epochs without improvement before a phase ends")
    monitor: str = Field("val_loss", description=", ".join(MONITORS))
    loss: Literal["cross_entropy", "focal"] = Field("cross_entropy", description="of training; validation is always judged by "
                                                   "plain cross-entropy")
    focal_gamma: float = Field(2.0, ge=0, description="how much less classes that are answered well count (loss focal)")
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    l2_sp: float = Field(0.0, ge=0, description="λ of λ Σ (w − w_pretrained)² over the backbone weights that train; the loss "
                         "that is shown is without it")
    ema_decay: float = Field(0.0, ge=0, lt=1, description="validate and keep a moving average of the weights with this decay "
                             "per update, such as 0.999; 0: the weights themselves")
    class_weights: bool = Field(False, description="weigh each class by its inverse frequency in training")
    head_epochs: int | None = Field(None, ge=0, description="epochs of the head alone before the backbone trains; None: 20 "
                                    "when pretrained layers train, else 0")
    head_learning_rate: float = Field(1e-3, gt=0, description="rate of the head-only phase")
    cache_features: bool = Field(True, description="run a frozen backbone once per picture, where that changes nothing")
    cached_views: int = Field(0, ge=0, description="augmented views cached per picture when augmentation is on; 0: no cache")
    refit: bool = Field(False, description="at the end train on train and validation together for the epochs found")
    precision: Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"] = "auto"
    xla: Literal["auto", "on", "off"] = "auto"
    checkpoint_minutes: float = Field(10.0, gt=0, description="longest stretch of a long epoch that a crash can cost")
    tensorboard: bool = Field(False, description="write TensorBoard logs")

    @field_validator("optimizer_type")
    @classmethod
    def _known_optimizer(cls, value: str) -> str:
        return check_name("optimizer", value, OPTIMIZER_TYPES)

    @field_validator("monitor")
    @classmethod
    def _known_monitor(cls, value: str) -> str:
        return check_name("monitor", value.replace("categorical_accuracy", "accuracy"), MONITORS)
