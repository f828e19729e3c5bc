"""Settings of the augmentation."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from car_classifier.base.errors import UnknownNameError
from data.augmentation_presets import PRESETS

DEFAULT_ORDER = (
    "horizontal_flip",
    "brightness_contrast",
    "rotate",
    "shift_scale_rotate",
    "gaussian_blur",
    "hue_saturation_value",
    "grid_distortion",
)
TRANSFORMS = (*DEFAULT_ORDER, "padded_crop", "color_jitter", "rand_augment", "random_erasing")
# What says nothing about how one picture is transformed.
BESIDE_TRANSFORMS = ("preset", "augment", "cutmix_alpha", "mixup_alpha", "mixing_probability")
# What came after folders of copies and runs had names made of all settings: at its default each is left out of a name.
LATER = (
    "preset", "padded_crop_probability", "crop_padding", "color_jitter_probability", "jitter_brightness_limit",
    "jitter_contrast_limit", "jitter_saturation_limit", "jitter_hue_limit", "rand_augment_probability",
    "rand_augment_operations", "rand_augment_magnitude", "random_erasing_probability", "erasing_area_limit", "erasing_fill",
)

Probability = Annotated[float, Field(ge=0, le=1)]


class AugmentationConfig(BaseModel):
    """The transforms of a training picture, and the mixing of finished batches.

    A limit of L means that the amount is drawn between -L and L; probabilities lie in [0, 1].

    Args:
        preset: name of a recipe, which gives the values of settings that are not given themselves; None: the defaults.
        augment: whether pictures are transformed. None: they are, except where the program trains on cached features
            or on augmented copies.
        transform_order: the transforms to apply, in this order; one that is left out is not applied.
        strength: multiplies every limit below, the padding, the magnitude and the erased area; the blur, which has none, is
            applied as many times more or less often.
        brightness_limit, contrast_limit: relative change.
        rotate_limit: degrees.
        shift_limit, scale_limit: fractions of the picture's side, and of its size.
        shift_scale_rotate_limit: degrees of the rotation in `shift_scale_rotate`.
        blur_kernel_min, blur_kernel_max: odd side of the blurring kernel in pixels.
        hue_shift_limit, saturation_shift_limit, value_shift_limit: steps of OpenCV's 8-bit HSV, where
            hue is 0..179 and the others are 0..255.
        distort_steps: cells of the distortion grid along each side.
        distort_limit: shift of a grid line as a fraction of a cell.
        crop_padding: by which the picture is enlarged on every side before a square of its old size is cut out anywhere, as
            a fraction of the side: 1/8 is 4 pixels of 32.
        jitter_brightness_limit, jitter_contrast_limit, jitter_saturation_limit: relative change; all four in random order.
        jitter_hue_limit: fraction of the colour circle.
        rand_augment_operations: drawn for a picture, out of fourteen (see `RandAugment`).
        rand_augment_magnitude: strength of each operation, 0 to 30.
        erasing_area_limit: largest share of the picture that a rectangle of random place and shape hides.
        erasing_fill: what is there instead: `noise`, the `mean` colour of ImageNet, or `black`.
        border_mode: what fills the rim that a crop, rotation or distortion bares: the mirrored picture (`reflect`), its
            repeated edge (`replicate`), or `black`.
        cutmix_alpha, mixup_alpha: shape of the Beta distribution of the mixing share; 0 switches the method off. With
            both on, each batch takes one of them by lot.
        mixing_probability: share of the batches that are mixed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: str | None = None
    augment: bool | None = None
    transform_order: tuple[str, ...] = DEFAULT_ORDER
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
    padded_crop_probability: Probability = 1.0
    crop_padding: Annotated[float, Field(ge=0, le=0.5)] = 0.125
    color_jitter_probability: Probability = 1.0
    jitter_brightness_limit: Probability = 0.25
    jitter_contrast_limit: Probability = 0.25
    jitter_saturation_limit: Probability = 0.25
    jitter_hue_limit: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    rand_augment_probability: Probability = 1.0
    rand_augment_operations: Annotated[int, Field(ge=1, le=14)] = 2
    rand_augment_magnitude: Annotated[float, Field(ge=0, le=30)] = 9
    random_erasing_probability: Probability = 0.5
    erasing_area_limit: Probability = 0.33
    erasing_fill: Literal["noise", "mean", "black"] = "noise"
    border_mode: Literal["reflect", "replicate", "black"] = "reflect"
    cutmix_alpha: Annotated[float, Field(ge=0)] = 0.0
    mixup_alpha: Annotated[float, Field(ge=0)] = 0.0
    mixing_probability: Probability = 1.0

    @field_validator("preset")
    @classmethod
    def _known_preset(cls, name: str | None) -> str | None:
        if name is not None and name not in PRESETS:
            raise ValueError(str(UnknownNameError("preset", name, PRESETS)))
        return name

    @field_validator("transform_order")
    @classmethod
    def _known_once(cls, order: tuple[str, ...]) -> tuple[str, ...]:
        for name in order:
            if name not in TRANSFORMS:
                raise ValueError(str(UnknownNameError("transform", name, TRANSFORMS)))
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
    "saturation_shift_limit": 255.0, "value_shift_limit": 255.0, "distort_limit": 0.9, "crop_padding": 0.5,
    "jitter_brightness_limit": 1.0, "jitter_contrast_limit": 1.0, "jitter_saturation_limit": 1.0, "jitter_hue_limit": 0.5,
    "rand_augment_magnitude": 30.0, "erasing_area_limit": 1.0,
}
