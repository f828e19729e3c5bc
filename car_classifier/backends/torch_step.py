"""The training step on PyTorch."""

import keras
import torch

from car_classifier.backends.step import TrainingStep
from car_classifier.training.optimizers import rate_variable
from car_classifier.training.weight_average import WeightAverage


class TorchStep(TrainingStep):
    """See `TrainingStep`. XLA does not exist here: `xla` is accepted and has no effect.

    Args:
        network: the model; what is trainable now is what trains.
        optimizer: built for `network.trainable_variables`.
        loss: see `car_classifier.training.losses`.
        xla: ignored.
        average: moved with every update; None: no averages.
    """

    def __init__(self, network: keras.Model, optimizer, loss, *, xla: bool, average: WeightAverage | None = None):
        self._network, self._optimizer, self._loss, self._average = network, optimizer, loss, average
        self._rate = rate_variable(optimizer)
        self._sums = None

    def train(self, inputs, labels, weights, rate, decay=0.0):
        gradients, outputs = self._gradients(inputs, labels, weights, torch.mean)
        self._apply(gradients, rate, decay)
        return outputs

    def accumulate(self, inputs, labels, weights):
        gradients, outputs = self._gradients(inputs, labels, weights, torch.sum)
        self._sums = gradients if self._sums is None else [s + g for s, g in zip(self._sums, gradients, strict=True)]
        return outputs

    def update(self, rate, num_pictures, decay=0.0):
        self._apply([total / num_pictures for total in self._sums], rate, decay)
        self._sums = None

    def predict(self, inputs):
        with torch.no_grad():
            return self._network(inputs, training=False).cpu()

    def write_back(self):
        """Nothing to do: the step writes straight into the variables."""
        return

    def read_again(self):
        """Nothing to do: the step reads straight from the variables."""
        return

    def _gradients(self, inputs, labels, weights, reduce):
        labels, weights = keras.ops.convert_to_tensor(labels), keras.ops.convert_to_tensor(weights)
        probabilities = self._network(inputs, training=True)
        losses = self._loss(labels, probabilities, weights)
        total = self._optimizer.scale_loss(reduce(losses + sum(self._network.losses)))
        values = [variable.value for variable in self._network.trainable_variables]
        return torch.autograd.grad(total, values), (probabilities.detach().cpu(), losses.detach().cpu())

    def _apply(self, gradients, rate, decay):
        with torch.no_grad():
            self._rate.assign(rate)
            self._optimizer.apply(list(gradients), self._network.trainable_variables)
            if self._average is not None:
                self._average.update(decay)
