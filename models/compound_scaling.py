"""How EfficientNets grow from B0 to B7; Keras is not needed to say so.

Reference: Tan and Le, 2019, https://arxiv.org/abs/1905.11946.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class CompoundScaling:
    """What grows together.

    Args:
        width: how many times as many filters as B0.
        depth: how many times as many blocks as B0.
        image_size: side of the square pictures, in pixels.
        dropout: share of units dropped just before the classifier, in [0, 1).
    """

    width: float
    depth: float
    image_size: int
    dropout: float


# The paper's compound coefficient, with its roundings, gives these.
COMPOUND_SCALINGS: Mapping[str, CompoundScaling] = MappingProxyType({
    "b0": CompoundScaling(1.0, 1.0, 224, 0.2),
    "b1": CompoundScaling(1.0, 1.1, 240, 0.2),
    "b2": CompoundScaling(1.1, 1.2, 260, 0.3),
    "b3": CompoundScaling(1.2, 1.4, 300, 0.3),
    "b4": CompoundScaling(1.4, 1.8, 380, 0.4),
    "b5": CompoundScaling(1.6, 2.2, 456, 0.4),
    "b6": CompoundScaling(1.8, 2.6, 528, 0.5),
    "b7": CompoundScaling(2.0, 3.1, 600, 0.5),
})
