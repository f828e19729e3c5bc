"""The head that every model of this program ends with."""

import keras

from layers import AttentionBlock, CustomLayer, SEBlock
from models.head_options import HeadOptions, require


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
    for name in ("attention_ratio", "se_ratio"):
        ratio = getattr(options, name)
        require(ratio <= channels, name, f"no larger than the number of channels ({channels})", ratio)
    x = keras.layers.SpatialDropout2D(options.spatial_dropout, name="head_spatial_dropout")(features)
    x = AttentionBlock(options.attention_ratio, name="head_attention")(x)
    x = SEBlock(options.se_ratio, name="head_se")(x)
    if options.custom_layers:
        x = CustomLayer("attention", options.attention_ratio, name="head_custom_attention")(x)
        x = CustomLayer("se", options.se_ratio, name="head_custom_se")(x)
    if options.pooling == "flatten":
        x = keras.layers.Flatten(name="head_flatten")(x)
    else:
        x = keras.layers.GlobalAveragePooling2D(name="head_average")(x)
    for number, units in enumerate(options.fc_layers, start=1):
        x = keras.layers.Dense(units, activation="relu", name=f"head_dense_{number}")(x)
        x = keras.layers.Dropout(options.dropout, name=f"head_dropout_{number}")(x)
    return keras.layers.Dense(num_classes, activation="softmax", dtype="float32", name="head_probabilities")(x)
