"""Rates that fall layer by layer with the distance from the head."""

from typing import TYPE_CHECKING

from models.freezing import own_layers
from models.registry import MODELS
from models.stages import stage_ends

if TYPE_CHECKING:
    import keras


def rate_factors(model: "keras.Model", decay: float) -> dict[int, float]:
    """Return `id(variable) -> factor of its rate` for those weights of the backbone that train.

    The factor is `decay` to the power of the distance from the head: 1 for the last group of layers, 2 for the one before it,
    and so on. The groups are the stages, and what comes behind the last of them, where the network has stages, else the
    layers that hold weights. The head and the blocks put behind stages are new: their factor is 1, and they are not named.

    Args:
        model: frozen as planned; the head alone has no such weights.
        decay: in (0, 1].

    Reference: Clark et al., ELECTRA, 2020, https://arxiv.org/abs/2003.10555; over stages and layers as in Bao et al., BEiT,
    2022, https://arxiv.org/abs/2106.08254
    """
    if decay == 1:
        return {}
    groups = _groups(model)
    last = max(groups.values(), default=0)
    return {
        id(weight): decay ** (last - groups[layer.name] + 1)
        for layer in own_layers(model) for weight in layer.trainable_weights
    }


def _groups(model: "keras.Model") -> dict[str, int]:
    """The number of each backbone layer's group, rising towards the head, by the layer's name; only of those with weights."""
    entry = MODELS.get(model.name)
    ends = stage_ends(entry.stages, [layer.name for layer in model.layers]) if entry else ()
    groups, number = {}, 0
    for layer in own_layers(model):
        if layer.weights:
            groups[layer.name] = number
        number += layer.name in ends if ends else bool(layer.weights)
    return groups
