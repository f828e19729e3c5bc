"""The training step on JAX."""

import jax
import keras
from keras import distribution

from car_classifier.backends.step import TrainingStep
from car_classifier.training.optimizers import rate_variable
from car_classifier.training.weight_average import WeightAverage, moved


class JaxStep(TrainingStep):
    """See `TrainingStep`. The state lives in lists of arrays on the device, outside the Keras variables, until `write_back`.

    Args:
        network: the model; what is trainable now is what trains.
        optimizer: built for `network.trainable_variables`.
        loss: see `car_classifier.training.losses`.
        xla: False runs every operation by itself, which is slow and serves to find faults.
        average: moved with every update; None: no averages.
    """

    def __init__(self, network: keras.Model, optimizer, loss, *, xla: bool, average: WeightAverage | None = None):
        self._network, self._optimizer, self._loss = network, optimizer, loss
        self._averages = [] if average is None else average.variables
        places = {id(v): i for i, v in enumerate(network.trainable_variables + network.non_trainable_variables)}
        self._averaged = [] if average is None else [places[id(source)] for source in average.sources]
        compiled = jax.jit if xla else lambda function, **_: function
        self._train = compiled(self._train_function, donate_argnums=0)
        self._accumulate = compiled(self._accumulate_function, donate_argnums=(0, 1))
        self._update = compiled(self._update_function, donate_argnums=0)
        self._predict = compiled(lambda trained, kept, x: network.stateless_call(trained, kept, x, training=False)[0])
        self._rate_index = [v is rate_variable(optimizer) for v in optimizer.variables].index(True)
        self._sums = None
        self.read_again()

    def train(self, inputs, labels, weights, rate, decay=0.0):
        self._state, outputs = self._train(self._state, *self._place(inputs, labels, weights), rate, decay)
        return outputs

    def accumulate(self, inputs, labels, weights):
        if self._sums is None:
            self._sums = [jax.numpy.zeros_like(array) for array in self._state[0]]
        batch = self._place(inputs, labels, weights)
        self._state, self._sums, outputs = self._accumulate(self._state, self._sums, *batch)
        return outputs

    def update(self, rate, num_pictures, decay=0.0):
        self._state = self._update(self._state, self._sums, rate, num_pictures, decay)
        self._sums = None

    def predict(self, inputs):
        return self._predict(self._state[0], self._state[1], *self._place(inputs))

    def write_back(self):
        for variable, array in zip(self._variables(), sum(self._state, []), strict=True):
            variable.assign(array)

    def read_again(self):
        # Copies, because donated arrays are gone after a step while the variables must stay readable.
        copied = [jax.numpy.array(variable.value, copy=True) for variable in self._variables()]
        trained, kept = len(self._network.trainable_variables), len(self._network.non_trainable_variables)
        settings = trained + kept + len(self._optimizer.variables)
        self._state = copied[:trained], copied[trained : trained + kept], copied[trained + kept : settings], copied[settings:]

    def _variables(self):
        network = self._network
        return network.trainable_variables + network.non_trainable_variables + self._optimizer.variables + self._averages

    def _place(self, *arrays):
        layout = distribution.distribution()
        if layout is None or arrays[0].shape[0] % layout.device_mesh.shape[0]:
            return arrays
        return tuple(distribution.distribute_tensor(jax.numpy.asarray(a), layout.get_data_layout(a.shape)) for a in arrays)

    def _objective(self, trained, kept, settings, batch, reduce):
        inputs, labels, weights = batch
        outputs, kept, penalties = self._network.stateless_call(trained, kept, inputs, training=True, return_losses=True)
        losses = self._loss(labels, outputs, weights)
        total = reduce(losses + sum(penalties))
        with keras.StatelessScope(state_mapping=list(zip(self._optimizer.variables, settings, strict=True))):
            total = self._optimizer.scale_loss(total)
        return total, (kept, outputs, losses)

    def _gradients(self, state, batch, reduce):
        trained, kept, settings, _ = state
        objective = jax.grad(self._objective, has_aux=True)
        return objective(trained, kept, settings, batch, reduce)

    def _apply(self, state, gradients, rate, decay):
        trained, kept, settings, averages = state
        settings = list(settings)
        settings[self._rate_index] = jax.numpy.asarray(rate, "float32")
        trained, settings = self._optimizer.stateless_apply(settings, gradients, trained)
        values = [*trained, *kept]
        averages = [moved(a, values[place], decay) for a, place in zip(averages, self._averaged, strict=True)]
        return list(trained), list(kept), list(settings), averages

    def _train_function(self, state, inputs, labels, weights, rate, decay):
        gradients, (kept, outputs, losses) = self._gradients(state, (inputs, labels, weights), jax.numpy.mean)
        return self._apply((state[0], kept, *state[2:]), gradients, rate, decay), (outputs, losses)

    def _accumulate_function(self, state, sums, inputs, labels, weights):
        gradients, (kept, outputs, losses) = self._gradients(state, (inputs, labels, weights), jax.numpy.sum)
        sums = [total + gradient for total, gradient in zip(sums, gradients, strict=True)]
        return (state[0], list(kept), *state[2:]), sums, (outputs, losses)

    def _update_function(self, state, sums, rate, num_pictures, decay):
        return self._apply(state, [total / num_pictures for total in sums], rate, decay)
