"""The training step on TensorFlow."""

import keras
import tensorflow as tf

from car_classifier.backends.step import TrainingStep
from car_classifier.training.optimizers import rate_variable


class TensorFlowStep(TrainingStep):
    """See `TrainingStep`. Each public method is one compiled graph.

    Args:
        network: the model; what is trainable now is what trains.
        optimizer: built for `network.trainable_variables`.
        loss: see `car_classifier.training.losses`.
        xla: compile with XLA.
    """

    def __init__(self, network: keras.Model, optimizer, loss, *, xla: bool):
        self._network, self._optimizer, self._loss = network, optimizer, loss
        self._rate = rate_variable(optimizer)
        self._sums = None
        self._graphs = {
            "train": tf.function(self._train, jit_compile=xla),
            "accumulate": tf.function(self._accumulate, jit_compile=xla),
            "update": tf.function(self._update),
            "predict": tf.function(lambda inputs: network(inputs, training=False), jit_compile=xla),
        }

    def train(self, inputs, labels, weights, rate):
        return self._graphs["train"](inputs, labels, weights, tf.constant(rate, tf.float32))

    def accumulate(self, inputs, labels, weights):
        if self._sums is None:
            self._sums = [tf.Variable(tf.zeros(v.shape, v.dtype)) for v in self._network.trainable_variables]
        return self._graphs["accumulate"](inputs, labels, weights)

    def update(self, rate, num_pictures):
        self._graphs["update"](tf.constant(rate, tf.float32), tf.constant(num_pictures, tf.float32))

    def predict(self, inputs):
        return self._graphs["predict"](inputs)

    def write_back(self):
        """Nothing to do: the graphs write straight into the variables."""
        return

    def read_again(self):
        """Nothing to do: the graphs read straight from the variables."""
        return

    def _gradients(self, inputs, labels, weights, reduce):
        with tf.GradientTape() as tape:
            probabilities = self._network(inputs, training=True)
            losses = self._loss(labels, probabilities, weights)
            penalty = tf.add_n(self._network.losses) if self._network.losses else 0.0
            total = self._optimizer.scale_loss(reduce(losses + penalty))
        variables = [variable.value for variable in self._network.trainable_variables]
        return probabilities, losses, tape.gradient(total, variables)

    def _train(self, inputs, labels, weights, rate):
        probabilities, losses, gradients = self._gradients(inputs, labels, weights, tf.reduce_mean)
        self._rate.assign(rate)
        self._optimizer.apply(gradients, self._network.trainable_variables)
        return probabilities, losses

    def _accumulate(self, inputs, labels, weights):
        probabilities, losses, gradients = self._gradients(inputs, labels, weights, tf.reduce_sum)
        for total, gradient in zip(self._sums, gradients, strict=True):
            total.assign_add(gradient)
        return probabilities, losses

    def _update(self, rate, num_pictures):
        self._rate.assign(rate)
        self._optimizer.apply([total / num_pictures for total in self._sums], self._network.trainable_variables)
        for total in self._sums:
            total.assign(tf.zeros_like(total))
