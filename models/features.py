"""The cut that lets features of a frozen backbone be computed once and kept: before the head, or blocks that go with it."""

import keras

from layers import AttentionBlock, CustomLayer, PlaceboGate, SEBlock
from models.freezing import tail_layers

# Each multiplies whole channels by factors that depend at most on the channels' means.
_CHANNEL_SCALERS = (keras.layers.SpatialDropout2D, AttentionBlock, SEBlock, CustomLayer, PlaceboGate)


def can_pool(model: keras.Model) -> bool:
    """Say whether what is behind the cut sees no difference between feature maps and their spatial means.

    That holds where everything before a global average only scales whole channels: the mean of a gated map is the
    gated mean.
    """
    for layer in tail_layers(model):
        if isinstance(layer, keras.layers.GlobalAveragePooling2D):
            return True
        if not isinstance(layer, _CHANNEL_SCALERS):
            return False
    return False


def split_at_head(model: keras.Model, *, pooled: bool) -> tuple[keras.Model, keras.Model]:
    """Cut a model in two that share its layers: training the second trains the head of `model`.

    Fresh blocks behind the last stage, and what follows them, go with the head (`models.freezing.tail_layers`).

    Args:
        model: a model with this program's head.
        pooled: whether features are spatial means, kept as maps of one pixel, so that the head applies unchanged.

    Returns:
        The backbone, from pictures [B, H, W, 3] to features [B, h, w, C] ([B, 1, 1, C] in float32 when pooled), and
        the head, from features to probabilities [B, num_classes].

    Raises:
        ValueError: `pooled` with a head that looks at single pixels.
    """
    if pooled and not can_pool(model):
        raise ValueError(f"The head of model {model.name!r} needs whole feature maps: `pooled` must be False for it.")
    features = tail_layers(model)[0].input
    if pooled:
        # In float32 also under mixed precision: the head rounds means as it would have done itself.
        features = keras.layers.GlobalAveragePooling2D(keepdims=True, dtype="float32", name="feature_means")(features)
    backbone = keras.Model(model.inputs[0], features, name=f"{model.name}_backbone")
    inputs = x = keras.Input(features.shape[1:], dtype=features.dtype, name="features")
    for layer in tail_layers(model):
        x = layer(x)
    return backbone, keras.Model(inputs, x, name=f"{model.name}_head")


def with_features(model: keras.Model) -> keras.Model:
    """Return a model that shares the layers of `model` and answers two things: its probabilities, and what its last layer sees.

    Args:
        model: a model with this program's head.

    Returns:
        From pictures [B, H, W, 3] to probabilities [B, num_classes] and features [B, F].
    """
    return keras.Model(model.inputs[0], [model.output, model.layers[-1].input], name=f"{model.name}_with_features")
