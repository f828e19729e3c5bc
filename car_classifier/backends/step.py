"""What every backend's training step must do."""

from abc import ABC, abstractmethod
from typing import Any

import keras

from car_classifier.base.errors import UserError
from car_classifier.base.registry import resolve
from car_classifier.training.weight_average import WeightAverage

STEPS = {
    "tensorflow": "car_classifier.backends.tensorflow_step:TensorFlowStep",
    "jax": "car_classifier.backends.jax_step:JaxStep",
    "torch": "car_classifier.backends.torch_step:TorchStep",
}


class TrainingStep(ABC):
    """Forward, backward and update of one network on one backend.

    Pictures are [B, H, W, 3] (or features), labels [B, C] float32, weights [B] float32. What is returned stays on the
    device until somebody asks for its numbers, so that the device need not wait.
    """

    @abstractmethod
    def train(self, inputs, labels, weights, rate: float, decay: float = 0.0) -> tuple[Any, Any]:
        """Update with the mean gradient of one batch; return probabilities [B, C] and losses [B].

        With averages, `decay` is the share of the old ones that stays.
        """

    @abstractmethod
    def accumulate(self, inputs, labels, weights) -> tuple[Any, Any]:
        """Add the gradients of one batch to the running sum; return probabilities [B, C] and losses [B]."""

    @abstractmethod
    def update(self, rate: float, num_pictures: int, decay: float = 0.0) -> None:
        """Update with the running sum divided by `num_pictures`, then start a new sum."""

    @abstractmethod
    def predict(self, inputs) -> Any:
        """Return probabilities [B, C] in inference mode."""

    @abstractmethod
    def write_back(self) -> None:
        """Make the variables of network, optimizer and averages hold what the step has learnt so far."""

    @abstractmethod
    def read_again(self) -> None:
        """Take over what others have written into these variables."""


def create_step(
    network: keras.Model, optimizer, loss, *, xla: bool, average: WeightAverage | None = None
) -> TrainingStep:
    """Return the step of the running backend; it moves `average` with every update.

    Raises:
        UserError: training is not available on this backend.
    """
    backend = keras.backend.backend()
    if backend not in STEPS:
        raise UserError(f"Training runs on {', '.join(STEPS)}. Received: KERAS_BACKEND={backend}.")
    return resolve("backend", backend, STEPS)(network, optimizer, loss, xla=xla, average=average)
