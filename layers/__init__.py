"""Keras layers of this program, one per file; importing this package registers them all for loading saved models."""

from layers.attention_block import AttentionBlock
from layers.channel_gate import ChannelGate
from layers.custom_layer import CustomLayer
from layers.global_response_normalization import GlobalResponseNormalization
from layers.image_preprocessing import ImagePreprocessing
from layers.layer_scale import LayerScale
from layers.placebo_gate import PlaceboGate
from layers.se_block import SEBlock
from layers.selective_channel_recalibration import SelectiveChannelRecalibration
from layers.stochastic_depth import StochasticDepth

__all__ = [
    "AttentionBlock", "ChannelGate", "CustomLayer", "GlobalResponseNormalization", "ImagePreprocessing", "LayerScale",
    "PlaceboGate", "SEBlock", "SelectiveChannelRecalibration", "StochasticDepth",
]
