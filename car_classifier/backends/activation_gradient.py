"""Gradients of a model's answers with respect to an activation in its middle, on every backend."""

from collections.abc import Callable

import keras
import numpy as np

from car_classifier.base.errors import UserError
from car_classifier.base.registry import resolve

GRADIENTS = {
    "tensorflow": "car_classifier.backends.activation_gradient:_on_tensorflow",
    "jax": "car_classifier.backends.activation_gradient:_on_jax",
    "torch": "car_classifier.backends.activation_gradient:_on_torch",
}
Gradient = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def compile_gradient(network: keras.Model) -> Gradient:
    """Return a function that differentiates one score per picture by the second input of `network`.

    Args:
        network: from pictures [B, H, W, 3] and a summand of the activation [B, h, w, C] to scores [B, K]; at a summand
            of zero the gradient is that by the activation itself.

    Returns:
        A function of pictures, summand and the places of the scores (integers [B]), to gradients float32 [B, h, w, C].

    Raises:
        UserError: no gradients on this backend.
    """
    backend = keras.backend.backend()
    if backend not in GRADIENTS:
        raise UserError(f"Gradients are taken on {', '.join(GRADIENTS)}. Received: KERAS_BACKEND={backend}.")
    gradient = resolve("backend", backend, GRADIENTS)(network)
    return lambda pictures, summand, places: np.asarray(gradient(pictures, summand, places), np.float32)


def _on_tensorflow(network: keras.Model) -> Callable:
    import tensorflow as tf

    @tf.function(reduce_retracing=True)
    def gradient(pictures, summand, places):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(summand)
            scores = network([pictures, summand], training=False)
            chosen = tf.gather(scores, places, batch_dims=1)
        return tape.gradient(chosen, summand)

    return lambda pictures, summand, places: gradient(*map(tf.convert_to_tensor, (pictures, summand, places)))


def _on_jax(network: keras.Model) -> Callable:
    import jax

    def total(summand, pictures, places, trained, kept):
        scores, _ = network.stateless_call(trained, kept, [pictures, summand], training=False)
        return jax.numpy.take_along_axis(scores, places[:, None], axis=1).sum()

    compiled = jax.jit(jax.grad(total))

    def gradient(pictures, summand, places):
        # Read anew each time: Keras' own `predict` on JAX gives its arrays away and puts others into the variables.
        state = [[v.value for v in group] for group in (network.trainable_variables, network.non_trainable_variables)]
        return compiled(summand, pictures, places, *state)

    return gradient


def _on_torch(network: keras.Model) -> Callable:
    import torch

    def gradient(pictures, summand, places):
        summand = keras.ops.convert_to_tensor(summand).requires_grad_()
        scores = network([pictures, summand], training=False)
        rows = torch.arange(len(places), device=scores.device)
        return torch.autograd.grad(scores[rows, keras.ops.convert_to_tensor(places)].sum(), summand)[0].cpu()

    return gradient
