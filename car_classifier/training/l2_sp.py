"""L2-SP: the pull towards the pretrained weights, λ Σ (w − w_pretrained)², beside the loss."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from car_classifier.base.errors import UserError
from car_classifier.training.config import TrainingConfig
from car_classifier.training.phases import trains_backbone
from models.freezing import pretrained_layers

OF_BACKBONE = {"l2_sp": 0.0, "layer_rate_decay": 1.0}  # change nothing where no layer of the backbone trains: so switched off

if TYPE_CHECKING:
    import keras
    import numpy as np


def check_l2_sp(
    config: TrainingConfig, *, pretrained: bool, x_trainable: str | int, published: Sequence[str] = ()
) -> None:
    """Raise when there is nothing to pull towards, or when a setting of the backbone meets one that does not train.

    Args:
        published: names of the weights that the model could start from, for the message.

    Raises:
        UserError: says what to do.
    """
    if config.l2_sp and not pretrained:
        starts = [*(f"--weights {name}" for name in published), "--weights with a run or a file of this network"]
        raise UserError(
            f"training.l2_sp={config.l2_sp:g} pulls weights towards pretrained ones, but training begins with random weights "
            f"(model.weights=none).\nPass {' or '.join(starts)}, or leave training.l2_sp at 0."
        )
    if trains_backbone(x_trainable):
        return
    for name, neutral in OF_BACKBONE.items():
        if getattr(config, name) != neutral:
            raise UserError(
                f"training.{name}={getattr(config, name):g} concerns the backbone's layers, of which none trains "
                f"(model.x_trainable={x_trainable}): pass --set model.x_trainable=all, or leave it at {neutral:g}."
            )


def pretrained_values(
    model: "keras.Model", initial: "dict[str, np.ndarray]", names: dict[int, str]
) -> "dict[int, np.ndarray]":
    """Return `id(variable) -> value it is pulled to` for those pretrained weights that train.

    The head, but for a normalisation that came with the backbone, and the blocks put behind stages are new: they have no
    such value.

    Args:
        model: frozen as planned.
        initial: values of the whole network before the first phase, by name; empty: no pull.
        names: `id(variable) -> name` of the whole network's variables.
    """
    weights = (weight for layer in pretrained_layers(model) for weight in layer.trainable_weights)
    return {id(weight): initial[names[id(weight)]] for weight in weights if initial}
