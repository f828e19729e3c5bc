"""The head that every model of this program ends with."""

import keras

from layers import CustomLayer, PlaceboGate
from layers.gate_kinds import GATE_KINDS
from models.freezing import HEAD_NORMALIZATION
from models.head_options import GATES, HeadOptions, require


def add_head(features: keras.KerasTensor, num_classes: int, options: HeadOptions) -> keras.KerasTensor:
    """Put the head on feature maps: a chain of layers whose names all start with "head_".

    Args:
        features: the backbone's output, [B, H, W, C].
        num_classes: number of classes, at least 2.
        options: what the head consists of.

    Returns:
        Probabilities, [B, num_classes], float32 whatever the precision of the model.

    Raises:
        UserError: a gate would be wider than the features have channels.
    """
    channels = features.shape[-1]
    for kind in GATES[options.gates]:
        ratio = _ratio(options, kind)
        require(ratio <= channels, f"{kind}_ratio", f"no larger than the number of channels ({channels})", ratio)
    x = keras.layers.SpatialDropout2D(options.spatial_dropout, name="head_spatial_dropout")(features)
    for gate in _gates(options):
        x = gate(x)
    if options.pooling == "flatten":
        x = keras.layers.Flatten(name="head_flatten")(x)
    else:
        x = keras.layers.GlobalAveragePooling2D(name="head_average")(x)
    if options.normalization:
        x = keras.layers.LayerNormalization(epsilon=1e-6, name=HEAD_NORMALIZATION)(x)
    for number, units in enumerate(options.fc_layers, start=1):
        x = keras.layers.Dense(units, activation="relu", name=f"head_dense_{number}")(x)
        x = keras.layers.Dropout(options.dropout, name=f"head_dropout_{number}")(x)
    if options.classifier_dropout:
        x = keras.layers.Dropout(options.classifier_dropout, name="head_classifier_dropout")(x)
    return keras.layers.Dense(num_classes, activation="softmax", dtype="float32", name="head_probabilities")(x)


def _gates(options: HeadOptions) -> list[keras.Layer]:
    """The gates in their order: one of each kind, then, with custom layers, each once more."""
    gates = []
    for prefix in ("head_", "head_custom_") if options.custom_layers else ("head_",):
        for kind in GATES[options.gates]:
            arguments = {"identity_start": options.identity_start, "name": f"{prefix}{kind}"}
            if options.gates == "placebo":
                gates.append(PlaceboGate(kind, _ratio(options, kind), **arguments))
            elif prefix == "head_custom_":
                gates.append(CustomLayer(kind, _ratio(options, kind), **arguments))
            else:
                gates.append(GATE_KINDS[kind](_ratio(options, kind), **arguments))
    return gates


def _ratio(options: HeadOptions, kind: str) -> int:
    return getattr(options, f"{kind}_ratio")
