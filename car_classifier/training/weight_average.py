"""Averages of the weights over the updates of a phase."""

import keras

from car_classifier.training.variables import changing_variables


class WeightAverage:
    """Exponential moving average of all numbers that training a model changes, kept beside the model.

    Statistics of BatchNormalization are averaged like weights: those of the moment belong to the weights of the moment,
    and averaged weights would see activations that they do not describe.

    Args:
        model: what trains, frozen as planned; the averages start with its weights.
    """

    def __init__(self, model: keras.Model):
        self.sources = [v for v in changing_variables(model) if keras.backend.is_float_dtype(v.dtype)]
        # By way of NumPy: on TensorFlow a variable made from another's value would be that other one.
        values = map(keras.ops.convert_to_numpy, self.sources)
        self.variables = [keras.Variable(value, trainable=False, dtype=value.dtype) for value in values]

    def names(self, names: dict[int, str]) -> dict[int, str]:
        """Return `id(average) -> name` from the names of all variables: an average is called like its source."""
        return {id(v): names[id(source)] for v, source in zip(self.variables, self.sources, strict=True)}

    def update(self, decay) -> None:
        """Move every average towards its source; `decay` is the share of the old average that stays."""
        for average, source in zip(self.variables, self.sources, strict=True):
            average.assign(moved(average.value, source.value, decay))


def moved(average, value, decay):
    """Return `decay` × average + (1 − decay) × value."""
    return average + (1.0 - decay) * (value - average)


def decay_of_update(decay: float, update: int) -> float:
    """Return the decay for update number `update`, counted from 0 within the phase.

    It is min(decay, (1 + update) / (10 + update)), as TensorFlow's `ExponentialMovingAverage` takes it, so that the first
    weights of a phase do not linger: after u updates the average reaches back over about the last u / 9 of them at most.
    """
    return min(decay, (1 + update) / (10 + update))
