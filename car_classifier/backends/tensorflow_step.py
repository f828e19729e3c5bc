"""The training step on TensorFlow."""

from functools import lru_cache

import keras
import tensorflow as tf

from car_classifier.backends.step import TrainingStep
from car_classifier.training.optimizers import rate_variable
from car_classifier.training.weight_average import WeightAverage


class TensorFlowStep(TrainingStep):
    """See `TrainingStep`. Each public method is one compiled graph.

    Args:
        network: the model; what is trainable now is what trains.
        optimizer: built for `network.trainable_variables`.
        loss: see `car_classifier.training.losses`.
        xla: compile with XLA.
        average: moved with every update; None: no averages.
    """

    def __init__(self, network: keras.Model, optimizer, loss, *, xla: bool, average: WeightAverage | None = None):
        self._network, self._optimizer, self._loss, self._average = network, optimizer, loss, average
        self._rate = rate_variable(optimizer)
        self._sums = None
        self._functions = {
            "train": tf.function(self._train, jit_compile=xla),
            "accumulate": tf.function(self._accumulate, jit_compile=xla),
            "update": tf.function(self._update),
            "predict": tf.function(lambda inputs: network(inputs, training=False), jit_compile=xla),
        }
        self._graphs = {}

    def train(self, inputs, labels, weights, rate, decay=0.0):
        return self._run("train", inputs, labels, weights, rate, decay)

    def accumulate(self, inputs, labels, weights):
        if self._sums is None:
            self._sums = [tf.Variable(tf.zeros(v.shape, v.dtype)) for v in self._network.trainable_variables]
        return self._run("accumulate", inputs, labels, weights)

    def update(self, rate, num_pictures, decay=0.0):
        self._run("update", rate, num_pictures, decay)

    def predict(self, inputs):
        return self._run("predict", inputs)

    def write_back(self):
        """Nothing to do: the graphs write straight into the variables."""
        return

    def read_again(self):
        """Nothing to do: the graphs read straight from the variables."""
        return

    def _run(self, name, *arguments):
        """Call a graph; within a training nothing but the size of a batch tells graphs apart, and the look-up of tf.function,
        which does not know that, takes a third of the time of a small network's step."""
        tensors = [_scalar(value) if isinstance(value, float | int) else tf.convert_to_tensor(value) for value in arguments]
        key = name, tensors[0].shape
        if key not in self._graphs:
            self._graphs[key] = self._functions[name].get_concrete_function(*tensors)
        return self._graphs[key](*tensors)

    def _gradients(self, inputs, labels, weights, reduce):
        with tf.GradientTape() as tape:
            probabilities = self._network(inputs, training=True)
            losses = self._loss(labels, probabilities, weights)
            penalty = tf.add_n(self._network.losses) if self._network.losses else 0.0
            total = self._optimizer.scale_loss(reduce(losses + penalty))
        variables = [variable.value for variable in self._network.trainable_variables]
        return probabilities, losses, tape.gradient(total, variables)

    def _train(self, inputs, labels, weights, rate, decay):
        probabilities, losses, gradients = self._gradients(inputs, labels, weights, tf.reduce_mean)
        self._apply(gradients, rate, decay)
        return probabilities, losses

    def _accumulate(self, inputs, labels, weights):
        probabilities, losses, gradients = self._gradients(inputs, labels, weights, tf.reduce_sum)
        for total, gradient in zip(self._sums, gradients, strict=True):
            total.assign_add(gradient)
        return probabilities, losses

    def _update(self, rate, num_pictures, decay):
        self._apply([total / num_pictures for total in self._sums], rate, decay)
        for total in self._sums:
            total.assign(tf.zeros_like(total))

    def _apply(self, gradients, rate, decay):
        self._rate.assign(rate)
        self._optimizer.apply(gradients, self._network.trainable_variables)
        if self._average is not None:
            self._average.update(decay)


@lru_cache(maxsize=16)  # a rate and a decay stay the same for many steps
def _scalar(value):
    return tf.constant(value, tf.float32)
