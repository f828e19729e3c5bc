"""Which backbone layers train: the one freezing rule of all models."""

import re
from typing import TYPE_CHECKING, Any

from car_classifier.base.errors import UserError
from models.registry import model_entry

if TYPE_CHECKING:  # so that settings can be checked without loading Keras
    import keras

HEAD_PREFIX = "head_"
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


def head_layers(model: "keras.Model") -> list["keras.Layer"]:
    """Return the layers of the head, in graph order; they form a chain."""
    return [layer for layer in model.layers if layer.name.startswith(HEAD_PREFIX)]


def freeze(model: "keras.Model", x_trainable: str | int) -> list[str]:
    """Set which backbone layers train; the head always does.

    Sets `trainable` on every layer that holds weights, so that it also un-freezes, and so that a frozen
    BatchNormalization keeps its statistics. Compile the model afterwards.

    Args:
        model: a model with this program's head.
        x_trainable: "all", "none", "partial" (the last four train) or how many of the last train; layers are counted
            among those that hold weights, in graph order, and a number beyond their count means all. "after_stage_<k>"
            freezes the network up to the end of its k-th stage; blocks put between stages are new and train all the same.

    Returns:
        Names of the backbone layers that train, in graph order.

    Raises:
        UserError: `x_trainable` is none of these.
    """
    holders = [layer for layer in backbone_layers(model) if layer.weights]
    trained = _trained(model, holders, parse_x_trainable(x_trainable))
    for layer in holders:
        layer.trainable = layer.name in trained
    for layer in head_layers(model):
        layer.trainable = True
    return [layer.name for layer in holders if layer.trainable_weights]


def _trained(model: "keras.Model", holders: list["keras.Layer"], wanted: str | int) -> set[str]:
    names = [layer.name for layer in holders]
    if stage := frozen_stages(wanted):
        last = model_entry(model.name).stages[stage - 1]
        order = [layer.name for layer in model.layers]
        frozen = set(order[: order.index(last) + 1])
        return {name for name in names if name not in frozen or name.startswith(BLOCK_PREFIX)}
    named = {"all": len(names), "none": 0, "partial": PARTIAL}
    count = min(named.get(wanted, wanted), len(names))
    return set(names[len(names) - count :])
