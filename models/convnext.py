"""ConvNeXt (Liu et al., 2022, https://arxiv.org/abs/2201.03545), and the network that ConvNeXt V2 shares with it.

Layers are called as in timm, so that its weights find their places by name.
"""

from collections.abc import Sequence
from functools import partial

import keras

from layers import GlobalResponseNormalization, ImagePreprocessing, LayerScale, StochasticDepth
from models.factory import make_model_function


def convnext_backbone(
    pictures: keras.KerasTensor, *, depths: Sequence[int], widths: Sequence[int], response_norm: bool, stochastic_depth: float
) -> keras.KerasTensor:
    """Return the features of pictures [B, H, W, 3], RGB in [0, 255], after the last stage.

    Args:
        pictures: the input.
        depths: number of blocks of each stage.
        widths: number of channels of each stage.
        response_norm: whether a global response normalisation inside each block (V2) takes the place of the layer scale
            behind it (V1).
        stochastic_depth: rate of the last block; it rises linearly from 0 in the first.
    """
    x = ImagePreprocessing("torch", name="preprocessing")(pictures)
    x = keras.layers.Conv2D(widths[0], 4, strides=4, kernel_initializer=_fresh(), name="stem.0")(x)
    x = _normalize(x, "stem.1")
    block, last = 0, max(1, sum(depths) - 1)
    for stage, (depth, width) in enumerate(zip(depths, widths, strict=True)):
        if stage:
            x = _normalize(x, f"stages.{stage}.downsample.0")
            name = f"stages.{stage}.downsample.1"
            x = keras.layers.Conv2D(width, 2, strides=2, kernel_initializer=_fresh(), name=name)(x)
        for position in range(depth):
            name = f"stages.{stage}.blocks.{position}"
            branch = _branch(x, name, response_norm)
            branch = StochasticDepth(stochastic_depth * block / last, name=f"{name}.drop_path")(branch)
            ends = position == depth - 1
            x = keras.layers.Add(name=f"stage{stage + 1}" if ends else f"{name}.add")([x, branch])
            block += 1
    return x


def _branch(x: keras.KerasTensor, name: str, response_norm: bool) -> keras.KerasTensor:
    width = x.shape[-1]
    x = keras.layers.DepthwiseConv2D(7, padding="same", depthwise_initializer=_fresh(), name=f"{name}.conv_dw")(x)
    x = _normalize(x, f"{name}.norm")
    x = keras.layers.Dense(4 * width, kernel_initializer=_fresh(), name=f"{name}.mlp.fc1")(x)
    x = keras.layers.Activation("gelu", name=f"{name}.mlp.act")(x)
    if response_norm:
        x = GlobalResponseNormalization(name=f"{name}.mlp.grn")(x)
    x = keras.layers.Dense(width, kernel_initializer=_fresh(), name=f"{name}.mlp.fc2")(x)
    return x if response_norm else LayerScale(name=f"{name}.gamma")(x)


def _normalize(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return keras.layers.LayerNormalization(epsilon=1e-6, name=name)(x)


def _fresh() -> keras.initializers.Initializer:
    # One initializer for several layers would give them the same values.
    return keras.initializers.TruncatedNormal(stddev=0.02)


_SMALL, _DEEP = (3, 3, 9, 3), (3, 3, 27, 3)


def _make(name: str, depths: Sequence[int], width: int):
    widths = [width * 2**stage for stage in range(4)]
    return make_model_function(name, partial(convnext_backbone, depths=depths, widths=widths, response_norm=False))


create_convnext_tiny_model = _make("convnext_tiny", _SMALL, 96)
create_convnext_small_model = _make("convnext_small", _DEEP, 96)
create_convnext_base_model = _make("convnext_base", _DEEP, 128)
create_convnext_large_model = _make("convnext_large", _DEEP, 192)
create_convnext_xlarge_model = _make("convnext_xlarge", _DEEP, 256)
