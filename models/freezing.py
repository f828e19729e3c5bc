"""Which backbone layers train: the one freezing rule of all models."""

from typing import TYPE_CHECKING, Any

from car_classifier.base.errors import UserError

if TYPE_CHECKING:  # so that settings can be checked without loading Keras
    import keras

HEAD_PREFIX = "head_"
PARTIAL = 4


def parse_x_trainable(value: Any) -> str | int:
    """Return `value` as "all", "none", "partial" or an integer of at least 0; digits in a string count as an integer.

    Raises:
        UserError: it is none of these.
    """
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not is_number and value not in ("all", "none", "partial"):
        raise UserError(
            "`x_trainable` must be 'all', 'none', 'partial' (the last 4 backbone layers train) or the number of last "
            f"backbone layers that train. Received: {value!r}."
        )
    return value


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
            among those that hold weights, in graph order. A number beyond their count means all.

    Returns:
        Names of the backbone layers that train, in graph order.

    Raises:
        UserError: `x_trainable` is none of these.
    """
    holders = [layer for layer in backbone_layers(model) if layer.weights]
    named = {"all": len(holders), "none": 0, "partial": PARTIAL}
    wanted = parse_x_trainable(x_trainable)
    count = min(named.get(wanted, wanted), len(holders))
    first_trained = len(holders) - count
    for position, layer in enumerate(holders):
        layer.trainable = position >= first_trained
    for layer in head_layers(model):
        layer.trainable = True
    return [layer.name for layer in holders[first_trained:] if layer.trainable_weights]
