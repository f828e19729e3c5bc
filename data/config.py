"""Settings of the data and of the augmentation."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

TRANSFORMS = (
    "horizontal_flip",
    "brightness_contrast",
    "rotate",
    "shift_scale_rotate",
    "gaussian_blur",
    "hue_saturation_value",
    "grid_distortion",
)

Probability = Annotated[float, Field(ge=0, le=1)]


class DataConfig(BaseModel):
    """Which pictures are read and how they reach the model.

    Args:
        source: name of a data set, a folder, a CSV file, or an archive; several joined by "+" are one.
        directory: where named data sets lie, each in a folder of its name.
        classes: names of the classes to take; None takes all.
        label_level: level of the source's groups above its classes, such as `family`, that is learnt instead of these; of
            joined sources each that has it. None takes the classes as they are.
        limit: at most this many pictures per class in each split; None takes all.
        validation_fraction: share of the training pictures set apart for validation when the source has no
            validation split of its own; 0 sets none apart.
        image_size: side in pixels of the square that the model sees; None takes the model's own.
        geometry: how a picture becomes that square: `stretch` it, `pad` it to keep its shape, or `crop` its middle.
        cut_to_box: cut pictures to their annotated box; None does so when the source has boxes.
        box_margin: added around the box on every side, as a fraction of the box's width and height.
        max_megapixels: larger pictures are refused before they are decoded.
        loader_threads: threads that prepare batches; None takes one per processor.
        memory_cache_gb: memory for decoded pictures in gigabytes; None takes a share of what is free, 0 keeps none.
        balanced_sampling: draw every class equally often in training.
        augmented_copies: folder that `data augment` has filled; training then sees these copies, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = "demo"
    directory: Path = Path("~/.cache/car_classifier")
    classes: tuple[str, ...] | None = None
    label_level: str | None = None
    limit: Annotated[int, Field(ge=1)] | None = None
    validation_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.15
    image_size: Annotated[int, Field(ge=8, le=4096)] | None = None
    geometry: Literal["stretch", "pad", "crop"] = "stretch"
    cut_to_box: bool | None = None
    box_margin: Annotated[float, Field(ge=0, le=1)] = 0.05
    max_megapixels: Annotated[float, Field(gt=0)] = 50
    loader_threads: Annotated[int, Field(ge=1)] | None = None
    memory_cache_gb: Annotated[float, Field(ge=0)] | None = None
    balanced_sampling: bool = False
    augmented_copies: Path | None = None

    @field_validator("classes")
    @classmethod
    def _two_or_more(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names is not None and len(set(names)) < max(2, len(names)):
            raise ValueError(f"expected two or more different class names. Received: {', '.join(names) or 'none'}")
        return names


class AugmentationConfig(BaseModel):
    """The seven transforms of a training picture, and the mixing of finished batches.

    A limit of L means that the amount is drawn between -L and L; probabilities lie in [0, 1].

    Args:
        augment: whether pictures are transformed. None: they are, except where the program trains on cached features
            or on augmented copies.
        transform_order: the transforms to apply, in this order; one that is left out is not applied.
        strength: multiplies every limit below; the blur, which has none, is applied as many times more or less often.
        brightness_limit, contrast_limit: relative change.
        rotate_limit: degrees.
        shift_limit, scale_limit: fractions of the picture's side, and of its size.
        shift_scale_rotate_limit: degrees of the rotation in `shift_scale_rotate`.
        blur_kernel_min, blur_kernel_max: odd side of the blurring kernel in pixels.
        hue_shift_limit, saturation_shift_limit, value_shift_limit: steps of OpenCV's 8-bit HSV, where
            hue is 0..179 and the others are 0..255.
        distort_steps: cells of the distortion grid along each side.
        distort_limit: shift of a grid line as a fraction of a cell.
        border_mode: what fills the rim that a rotation or distortion bares: the mirrored picture (`reflect`), its
            repeated edge (`replicate`), or `black`.
        cutmix_alpha, mixup_alpha: shape of the Beta distribution of the mixing share; 0 switches the method off. With
            both on, each batch takes one of them by lot.
        mixing_probability: share of the batches that are mixed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    augment: bool | None = None
    transform_order: tuple[str, ...] = TRANSFORMS
    strength: Annotated[float, Field(ge=0, le=5)] = 1.0
    horizontal_flip_probability: Probability = 0.5
    brightness_contrast_probability: Probability = 0.2
    brightness_limit: Probability = 0.2
    contrast_limit: Probability = 0.2
    rotate_probability: Probability = 0.5
    rotate_limit: Annotated[float, Field(ge=0, le=180)] = 12
    shift_scale_rotate_probability: Probability = 0.2
    shift_limit: Probability = 0.05
    scale_limit: Annotated[float, Field(ge=0, lt=1)] = 0.05
    shift_scale_rotate_limit: Annotated[float, Field(ge=0, le=180)] = 4
    gaussian_blur_probability: Probability = 0.6
    blur_kernel_min: Annotated[int, Field(ge=3)] = 3
    blur_kernel_max: Annotated[int, Field(ge=3)] = 5
    hue_saturation_value_probability: Probability = 0.3
    hue_shift_limit: Annotated[float, Field(ge=0, le=90)] = 10
    saturation_shift_limit: Annotated[float, Field(ge=0, le=255)] = 20
    value_shift_limit: Annotated[float, Field(ge=0, le=255)] = 10
    grid_distortion_probability: Probability = 0.2
    distort_steps: Annotated[int, Field(ge=1, le=100)] = 5
    distort_limit: Annotated[float, Field(ge=0, lt=1)] = 0.2
    border_mode: Literal["reflect", "replicate", "black"] = "reflect"
    cutmix_alpha: Annotated[float, Field(ge=0)] = 0.0
    mixup_alpha: Annotated[float, Field(ge=0)] = 0.0
    mixing_probability: Probability = 1.0

    @field_validator("transform_order")
    @classmethod
    def _known_once(cls, order: tuple[str, ...]) -> tuple[str, ...]:
        for name in order:
            if name not in TRANSFORMS:
                raise ValueError(f"unknown transform {name!r}. Known: {', '.join(TRANSFORMS)}")
            if order.count(name) > 1:
                raise ValueError(f"the transform {name!r} is listed {order.count(name)} times; list it once")
        return order

    @model_validator(mode="after")
    def _kernels_fit(self) -> "AugmentationConfig":
        low, high = self.blur_kernel_min, self.blur_kernel_max
        if low % 2 == 0 or high % 2 == 0 or low > high:
            raise ValueError(
                f"blur_kernel_min and blur_kernel_max must be odd and in rising order. Received: {low} and {high}"
            )
        return self

    @property
    def mixes(self) -> bool:
        """Whether batches are mixed at all."""
        return self.mixing_probability > 0 and (self.cutmix_alpha > 0 or self.mixup_alpha > 0)

    def at_strength(self) -> "AugmentationConfig":
        """Return the settings with `strength` worked into the others; each limit stays inside its range."""
        if self.strength == 1.0:
            return self
        scaled = {name: min(getattr(self, name) * self.strength, most) for name, most in _MOST.items()}
        return self.model_copy(update={**scaled, "strength": 1.0})


# What `strength` scales, and how far at most.
_MOST = {
    "brightness_limit": 1.0, "contrast_limit": 1.0, "rotate_limit": 180.0, "shift_limit": 1.0, "scale_limit": 0.9,
    "shift_scale_rotate_limit": 180.0, "gaussian_blur_probability": 1.0, "hue_shift_limit": 90.0,
    "saturation_shift_limit": 255.0, "value_shift_limit": 255.0, "distort_limit": 0.9,
}
