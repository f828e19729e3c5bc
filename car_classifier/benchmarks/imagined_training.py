"""A space like that of a training, and a loss that costs nothing."""

import math
from typing import Any

from search.space import Space

SPACE = Space.model_validate({"dimensions": {
    "learning_rate": {"kind": "float", "low": 1e-5, "high": 1e-1, "log": True},
    "optimizer": {"kind": "categorical", "choices": ["adam", "rmsprop", "sgd"]},
    "momentum": {"kind": "float", "low": 0.0, "high": 0.99, "when": {"optimizer": ["sgd"]}},
    "batch_size": {"kind": "categorical", "choices": [16, 32, 64, 128]},
    "dropout": {"kind": "float", "low": 0.0, "high": 0.7},
    "label_smoothing": {"kind": "float", "low": 0.0, "high": 0.2},
    "weight_decay": {"kind": "float", "low": 1e-6, "high": 1e-2, "log": True},
    "fc_layers": {"kind": "categorical", "choices": [[], [128], [256], [512, 256]]},
    "reduction_ratio": {"kind": "int", "low": 2, "high": 32, "log": True},
}})


def imagined_loss(values: dict[str, Any]) -> float | None:
    """Return the loss of imagined training with `values` of SPACE: 1 at best; None where it diverges.

    The best learning rate depends on optimizer, momentum and batch size, as it does in training; half a decade beside it
    costs about 0.1, four times the best diverges with a loss above 5 or none at all. The other settings matter less, and
    weight decay and reduction ratio hardly.
    """
    best_rate = {"adam": 1e-3, "rmsprop": 5e-4, "sgd": 3e-2}[values["optimizer"]] * math.sqrt(values["batch_size"] / 32)
    best_rate *= 1.0 - values.get("momentum", 0.0)
    decades = math.log10(values["learning_rate"] / best_rate)
    if decades > 1.2:
        return None
    rate = 0.4 * decades**2 + 5.0 * max(0.0, decades - 0.6)
    regularisation = 1.5 * (values["dropout"] - 0.35) ** 2 + 8.0 * (values["label_smoothing"] - 0.1) ** 2
    head = 0.05 * abs([[], [128], [256], [512, 256]].index(values["fc_layers"]) - 2)
    rest = 0.01 * (math.log10(values["weight_decay"]) + 4) ** 2 + 0.01 * abs(math.log2(values["reduction_ratio"]) - 3)
    return 1.0 + rate + regularisation + head + rest + {"adam": 0.0, "rmsprop": 0.05, "sgd": 0.02}[values["optimizer"]]
