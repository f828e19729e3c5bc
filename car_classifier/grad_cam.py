"""Grad-CAM: where in a picture a model sees what speaks for a class."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from car_classifier.backends.activation_gradient import compile_gradient
from car_classifier.base.errors import UnknownNameError, UserError
from layers import AttentionBlock, CustomLayer, PlaceboGate, SEBlock
from models.freezing import BLOCK_PREFIX, backbone_layers, head_layers

_GATES = (AttentionBlock, SEBlock, CustomLayer, PlaceboGate)


class GradCam:
    """Maps of a layer's share in the score of a class.

    The score is the classifier's sum before softmax: after it, the gradient would also tell what speaks against the other
    classes, and would vanish where the model is sure.

    Args:
        network: a model of this program; it stays as it is.
        layer: name of a layer whose output is [B, h, w, C] with several places; None: see `default_layer`.

    Raises:
        UnknownNameError: no such layer; the message lists those there are.

    Reference: R. R. Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization,
    ICCV 2017, https://arxiv.org/abs/1610.02391
    """

    def __init__(self, network: keras.Model, layer: str | None = None):
        known = layer_names(network)
        self.layer = default_layer(network) if layer is None else layer
        if self.layer not in known:
            raise UnknownNameError("layer", self.layer, known)
        activation = network.get_layer(self.layer).output
        probed = _add_probe(network, activation)
        self._shape, self._dtype = activation.shape[1:], activation.dtype
        self._values = keras.Model(network.inputs[0], [activation, network.outputs[0]])
        self._gradient = compile_gradient(probed)

    def explain(self, pictures: np.ndarray, classes: Sequence[int] | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return maps float32 [B, h, w], at least 0, and probabilities float32 [B, K].

        A map that is 0 everywhere says that nothing at this layer speaks for the class.

        Args:
            pictures: RGB in [0, 255], [B, H, W, 3].
            classes: whose maps, integers [B]; None: those answered.
        """
        values, probabilities = (ops.convert_to_numpy(part) for part in self._values.predict_on_batch(pictures))
        places = probabilities.argmax(axis=1) if classes is None else np.asarray(classes)
        summand = np.zeros((len(pictures), *self._shape), np.float32)
        gradients = self._gradient(pictures, summand, places.astype(np.int32))
        weights = gradients.mean(axis=(1, 2), keepdims=True)
        return np.maximum((weights * values.astype(np.float32)).sum(axis=-1), 0), probabilities.astype(np.float32)


def layer_names(network: keras.Model) -> list[str]:
    """Return the layers that can be explained: those whose output is a feature map of several places, in graph order."""
    return [layer.name for layer in network.layers[1:] if _has_places(layer)]


def default_layer(network: keras.Model) -> str:
    """Return the backbone's last layer that has several places: the richest features that can tell where."""
    return [layer.name for layer in backbone_layers(network) if _has_places(layer)][-1]


def attention_layers(network: keras.Model) -> list[str]:
    """Return the gates of the head and the blocks between stages, in graph order.

    Raises:
        UserError: there are none.
    """
    gates = {layer.name for layer in head_layers(network) if isinstance(layer, _GATES)}
    found = [name for name in layer_names(network) if name in gates or name.startswith(BLOCK_PREFIX)]
    if not found:
        raise UserError(f"{network.name} has no attention layer whose map has several places.\n"
                        f"Leave --layer out for the backbone's last features, {default_layer(network)}.")
    return found


def _has_places(layer: keras.Layer) -> bool:
    """Whether the output tells places of the picture apart; behind padding the map is larger than the picture."""
    shape = layer.output.shape
    return len(shape) == 4 and shape[1] * shape[2] > 1 and not isinstance(layer, keras.layers.ZeroPadding2D)


def _add_probe(network: keras.Model, activation: keras.KerasTensor) -> keras.Model:
    """Return the network with a second input that is added to `activation`, and sums instead of probabilities.

    The layers are shared, but for the last one, which gives up its softmax.
    """
    probe = keras.Input(activation.shape[1:], dtype="float32", name="probe")
    values = {id(network.inputs[0]): network.inputs[0]}
    for layer in network.layers[1:]:
        given = [values[id(tensor)] for tensor in _as_list(layer.input)]
        given = given if isinstance(layer.input, list) else given[0]
        layer = _without_softmax(layer) if layer is network.layers[-1] else layer
        made = layer(given)
        if layer.output is activation:
            made = keras.layers.Add(name="probed")([made, ops.cast(probe, made.dtype)])
        values[id(layer.output)] = made
    return keras.Model([network.inputs[0], probe], made, name=f"{network.name}_probed")


def _as_list(inputs: keras.KerasTensor | list[keras.KerasTensor]) -> list[keras.KerasTensor]:
    return inputs if isinstance(inputs, list) else [inputs]


def _without_softmax(layer: keras.layers.Dense) -> keras.layers.Dense:
    linear = keras.layers.Dense(layer.units, dtype="float32", name="scores")
    linear.build(layer.input.shape)
    linear.set_weights(layer.get_weights())
    return linear
