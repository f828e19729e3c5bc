"""Which layers train: the one freezing rule of all models."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from car_classifier.base.errors import UserError
from models.registry import model_entry
from models.stages import stage_ends

if TYPE_CHECKING:  # so that settings can be checked without loading Keras
    import keras

HEAD_PREFIX = "head_"
HEAD_NORMALIZATION = f"{HEAD_PREFIX}normalization"
BLOCK_PREFIX = "after_stage_"  # of the blocks that are put between the stages of a network
PARTIAL = 4


def parse_x_trainable(value: Any) -> str | int:
    """Return `value` as "all", "none", "partial", "after_stage_<k>" or an integer of at least 0.

    Digits in a string count as an integer.

    Raises:
        UserError: it is none of these.
    """
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not is_number and value not in ("all", "none", "partial") and not frozen_stages(value):
        raise UserError(
            "`x_trainable` must be 'all', 'none', 'partial' (the last 4 backbone layers train), the number of last "
            f"backbone layers that train, or 'after_stage_<k>' (stages 1 to k are frozen). Received: {value!r}."
        )
    return value


def frozen_stages(x_trainable: str | int) -> int:
    """Return k for "after_stage_<k>", else 0."""
    match = re.fullmatch(f"{BLOCK_PREFIX}([1-9][0-9]*)", str(x_trainable))
    return int(match[1]) if match else 0


def backbone_layers(model: "keras.Model") -> list["keras.Layer"]:
    """Return the layers before the head, in graph order."""
    return [layer for layer in model.layers if not layer.name.startswith(HEAD_PREFIX)]


def own_layers(model: "keras.Model") -> list["keras.Layer"]:
    """Return the backbone's own layers in graph order, without the fresh blocks put behind its stages."""
    return [layer for layer in backbone_layers(model) if not layer.name.startswith(BLOCK_PREFIX)]


def pretrained_layers(model: "keras.Model") -> list["keras.Layer"]:
    """Return the layers with weights that a file of the network holds, in graph order.

    They are the backbone's own and, of networks that end with one, the normalisation behind the pooling: it was trained with
    them, but stands in the head and trains with that.
    """
    return [layer for layer in (*own_layers(model), *head_layers(model))
            if layer.weights and (layer.name == HEAD_NORMALIZATION or not layer.name.startswith(HEAD_PREFIX))]


def head_layers(model: "keras.Model") -> list["keras.Layer"]:
    """Return the layers of the head, in graph order; they form a chain."""
    return [layer for layer in model.layers if layer.name.startswith(HEAD_PREFIX)]


def has_inner_blocks(model: "keras.Model") -> bool:
    """Say whether a fresh block stands in the midst of the backbone, so that a frozen one has more to train than its end."""
    return any(block not in tail_layers(model) for block in _blocks(model))


def tail_layers(model: "keras.Model") -> list["keras.Layer"]:
    """Return the layers from the first fresh block behind the last stage on, in graph order; without one, the head.

    They form a chain. All else is the backbone that can be run once per picture when it is frozen.
    """
    blocks = _blocks(model)
    prefix = f"{BLOCK_PREFIX}{len(model_entry(model.name).stages)}_" if blocks else HEAD_PREFIX
    start = next((layer for layer in blocks if layer.name.startswith(prefix)), None)
    return head_layers(model) if start is None else model.layers[model.layers.index(start) :]


def freeze(model: "keras.Model", x_trainable: str | int, *, inner_blocks: bool = True) -> list[str]:
    """Set which of the backbone's own layers train; the head and the blocks put behind stages are new and do, too.

    Sets `trainable` on every layer that holds weights, so that it also un-freezes, and so that a frozen
    BatchNormalization keeps its statistics. Compile the model afterwards.

    Args:
        model: a model with this program's head.
        x_trainable: "all", "none", "partial" (the last four train) or how many of the last train; layers are counted
            among those of the backbone's own that hold weights, in graph order, and a number beyond their count means
            all. "after_stage_<k>" freezes the network up to the end of its k-th stage.
        inner_blocks: whether the blocks amid the backbone train; those behind its last stage always do.

    Returns:
        Names of the layers before the head that train, in graph order.

    Raises:
        UserError: `x_trainable` is none of these.
    """
    holders = [layer for layer in own_layers(model) if layer.weights]
    trained = _trained(model, holders, parse_x_trainable(x_trainable))
    for layer in holders:
        layer.trainable = layer.name in trained
    tail = tail_layers(model)
    for layer in (*_blocks(model), *head_layers(model)):
        layer.trainable = inner_blocks or layer in tail
    return [layer.name for layer in backbone_layers(model) if layer.trainable_weights]


def describe_trained(names: Sequence[str]) -> str:
    """Say which layers before the head train, for what `freeze` returned."""
    blocks = [name for name in names if name.startswith(BLOCK_PREFIX)]
    own = [name for name in names if name not in blocks]
    fresh = f", the fresh {' and '.join(blocks)}" if blocks else ""
    if not own:
        return f"the backbone is frozen{fresh} and the head train" if blocks else "the backbone is frozen, the head trains"
    listed = f"{own[0]} … {own[-1]}" if len(own) > 4 else ", ".join(own)
    return f"{len(own)} backbone layer{'s' if len(own) > 1 else ''} train{'' if len(own) > 1 else 's'} ({listed}){fresh}"


def _blocks(model: "keras.Model") -> list["keras.Layer"]:
    return [layer for layer in model.layers if layer.name.startswith(BLOCK_PREFIX)]


def _trained(model: "keras.Model", holders: list["keras.Layer"], wanted: str | int) -> set[str]:
    names = [layer.name for layer in holders]
    if stage := frozen_stages(wanted):
        order = [layer.name for layer in model.layers]
        last = stage_ends(model_entry(model.name).stages, order)[stage - 1]
        return set(names) - set(order[: order.index(last) + 1])
    named = {"all": len(names), "none": 0, "partial": PARTIAL}
    count = min(named.get(wanted, wanted), len(names))
    return set(names[len(names) - count :])
