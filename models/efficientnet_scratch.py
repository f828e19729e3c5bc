"""EfficientNet built block by block and scaled as in the paper, and one for small pictures.

Reference: Tan and Le, 2019, https://arxiv.org/abs/1905.11946; its blocks are those of MobileNet V2 with squeeze and
excitation.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import keras

from layers import ImagePreprocessing, StochasticDepth
from models.compound_scaling import COMPOUND_SCALINGS
from models.factory import make_model_function


@dataclass(frozen=True)
class _Stage:
    expansion: int
    filters: int
    repeats: int
    strides: int
    kernel_size: int


@dataclass(frozen=True)
class _Plan:
    """First filters and their stride, stages, and last filters, all at scaling "b0"."""

    stem: int
    stem_strides: int
    stages: Sequence[_Stage]
    top: int


_PAPER = _Plan(
    32, 2,
    (
        _Stage(1, 16, 1, 1, 3), _Stage(6, 24, 2, 2, 3), _Stage(6, 40, 2, 2, 5), _Stage(6, 80, 3, 2, 3),
        _Stage(6, 112, 3, 1, 5), _Stage(6, 192, 4, 2, 5), _Stage(6, 320, 1, 1, 3),
    ),
    1280,
)
# A picture of 32×32 would be a single pixel after the paper's stages. Here it is halved three times, and the first
# filters, which see the largest maps, are fewer.
_SMALL = _Plan(
    16, 1, (_Stage(1, 16, 1, 1, 3), _Stage(4, 32, 2, 2, 3), _Stage(4, 64, 3, 2, 3), _Stage(4, 128, 2, 2, 3)), 512
)


def _backbone(pictures: keras.KerasTensor, *, plan: _Plan, scaling: str, stochastic_depth: float) -> keras.KerasTensor:
    width, depth = COMPOUND_SCALINGS[scaling].width, COMPOUND_SCALINGS[scaling].depth
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    x = _convolution(x, "stem", _scaled(plan.stem, width), 3, plan.stem_strides)
    repeats = [math.ceil(depth * stage.repeats) for stage in plan.stages]
    block, count = 0, sum(repeats)
    for number, (stage, times) in enumerate(zip(plan.stages, repeats, strict=True), start=1):
        for position in range(times):
            name, strides = f"stage{number}_block{position + 1}", stage.strides if position == 0 else 1
            last = f"stage{number}" if position == times - 1 else f"{name}_out"
            branch = _inverted_bottleneck(x, name, stage, filters=_scaled(stage.filters, width), strides=strides)
            if strides == 1 and branch.shape[-1] == x.shape[-1]:
                branch = StochasticDepth(stochastic_depth * block / count, name=f"{name}_depth")(branch)
                x = keras.layers.Add(name=last)([x, branch])
            else:
                x = keras.layers.Identity(name=last)(branch)
            block += 1
    return _convolution(x, "top", _scaled(plan.top, width), 1, 1)


def _inverted_bottleneck(
    x: keras.KerasTensor, name: str, stage: _Stage, *, filters: int, strides: int
) -> keras.KerasTensor:
    channels = x.shape[-1]
    wide = channels * stage.expansion
    if stage.expansion > 1:
        x = _convolution(x, f"{name}_expand", wide, 1, 1)
    x = keras.layers.DepthwiseConv2D(
        stage.kernel_size, strides=strides, padding="same", use_bias=False, depthwise_initializer=_fresh(),
        name=f"{name}_depthwise",
    )(x)
    x = _activate(_normalize(x, f"{name}_depthwise"), f"{name}_depthwise")
    x = _squeeze_and_excite(x, name, max(1, channels // 4))
    x = keras.layers.Conv2D(filters, 1, use_bias=False, kernel_initializer=_fresh(), name=f"{name}_project")(x)
    return _normalize(x, f"{name}_project")


def _squeeze_and_excite(x: keras.KerasTensor, name: str, units: int) -> keras.KerasTensor:
    """The paper's gate, with swish and a hidden layer that goes by the block's input: not quite our `SEBlock`."""
    gate = keras.layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_se_mean")(x)
    gate = keras.layers.Conv2D(units, 1, activation="swish", kernel_initializer=_fresh(), name=f"{name}_se_squeeze")(gate)
    gate = keras.layers.Conv2D(
        x.shape[-1], 1, activation="sigmoid", kernel_initializer=_fresh(), name=f"{name}_se_excite"
    )(gate)
    return keras.layers.Multiply(name=f"{name}_se")([x, gate])


def _convolution(x: keras.KerasTensor, name: str, filters: int, size: int, strides: int) -> keras.KerasTensor:
    x = keras.layers.Conv2D(
        filters, size, strides=strides, padding="same", use_bias=False, kernel_initializer=_fresh(), name=name
    )(x)
    return _activate(_normalize(x, name), name)


def _normalize(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    # Keras' default momentum suits a million steps: after the few thousand of a small training its statistics lag behind.
    return keras.layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)


def _activate(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return keras.layers.Activation("swish", name=f"{name}_swish")(x)


def _fresh() -> keras.initializers.Initializer:
    return keras.initializers.VarianceScaling(2.0, mode="fan_out", distribution="truncated_normal")


def _scaled(filters: int, width: float) -> int:
    """Return a multiple of 8 that is near `filters` times `width` and at most a tenth below."""
    wanted = filters * width
    rounded = max(8, int(wanted + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * wanted else rounded


create_efficientnet_scratch_model = make_model_function("efficientnet_scratch", partial(_backbone, plan=_PAPER))
create_efficientnet_scratch_32_model = make_model_function("efficientnet_scratch_32", partial(_backbone, plan=_SMALL))
