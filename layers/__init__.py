"""Keras layers of this program, one per file; importing this package registers them all for loading saved models."""

from layers.attention_block import AttentionBlock
from layers.channel_gate import ChannelGate
from layers.custom_layer import CustomLayer
from layers.image_preprocessing import ImagePreprocessing
from layers.placebo_gate import PlaceboGate
from layers.se_block import SEBlock

__all__ = ["AttentionBlock", "ChannelGate", "CustomLayer", "ImagePreprocessing", "PlaceboGate", "SEBlock"]
