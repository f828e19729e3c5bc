"""What fine-tuning changes in the update of an optimizer, on every backend."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

START = "pretrained"  # name of the variables that hold what weights are pulled to


class FineTuningUpdate:
    """A rate of its own for each variable, and a pull towards where it started; to be put before an optimizer as base class.

    The rate is scaled inside the update and its decoupled weight decay: Adam would undo a scaling of the gradient. The pull
    adds the gradient of λ Σ (w − s)², which is 2 λ (w − s), once per update, to the mean gradient of the data: so it does
    not depend on how many batches make up an update, and the norm that is clipped contains it.

    Args:
        rate_factors: of each variable, in the order in which they will be built.
        starts: s of each variable; None: no pull.
        l2_sp: λ, at least 0.
        **kwargs: those of the optimizer.

    Reference: Li, Grandvalet and Davoine, Explicit Inductive Bias for Transfer Learning with Convolutional Networks, 2018,
    https://arxiv.org/abs/1802.01483 (L2-SP without its second term, on the new weights).
    """

    def __init__(self, *, rate_factors: Sequence[float], starts: Sequence[np.ndarray | None], l2_sp: float, **kwargs: Any):
        super().__init__(**kwargs)
        self._rate_factors, self._l2_sp = tuple(rate_factors), l2_sp
        # Variables of the optimizer: JAX would write constants into the program that it compiles.
        self._starts = [None if start is None else keras.Variable(start, trainable=False, name=START) for start in starts]

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[keras.Variable] | None = None) -> None:
        """See `keras.optimizers.Optimizer.apply`."""
        variables = self._trainable_variables if trainable_variables is None else trainable_variables
        pulled = [
            gradient if start is None else gradient + 2 * self._l2_sp * (variable - start)
            for gradient, variable, start in zip(grads, variables, self._starts, strict=True)
        ]
        super().apply(pulled, trainable_variables)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable at its own rate."""
        super().update_step(gradient, variable, learning_rate * self._factor(variable))

    def _apply_weight_decay(self, variables: Sequence[Any]) -> None:
        # Keras multiplies rate and weight decay: scaling one scales the other.
        whole = self.weight_decay
        for variable in variables if whole else ():
            self.weight_decay = whole * self._factor(variable)
            super()._apply_weight_decay([variable])
        self.weight_decay = whole

    def _factor(self, variable: Any) -> float:
        return self._rate_factors[self._get_variable_index(variable)]
