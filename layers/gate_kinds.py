"""The kinds of squeeze-and-excite gate by name."""

from layers.attention_block import AttentionBlock
from layers.channel_gate import ChannelGate
from layers.se_block import SEBlock

GATE_KINDS: dict[str, type[ChannelGate]] = {"attention": AttentionBlock, "se": SEBlock}
