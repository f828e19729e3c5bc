"""Variables of a network as named arrays, for checkpoints and for the best weights so far."""

import keras
import numpy as np

Arrays = dict[str, np.ndarray]


def name_variables(network: keras.Model) -> dict[int, str]:
    """Return `id(variable) -> name` for all variables of `network`, random states included.

    Names are "0000", "0001", … in the order of `network.variables`, which is the same for the same architecture.
    """
    return {id(variable): f"{index:04d}" for index, variable in enumerate(network.variables)}


def changing_variables(model: keras.Model) -> list[keras.Variable]:
    """Return the variables that training `model` can change: all but the weights of frozen layers."""
    changing = []
    for layer in model.layers:
        frozen = set() if layer.trainable else {id(weight) for weight in layer.weights}
        changing += [variable for variable in layer.variables if id(variable) not in frozen]
    return changing


def copy_variables(variables: list[keras.Variable], names: dict[int, str]) -> Arrays:
    """Return copies of the values of `variables` under their names."""
    return {names[id(v)]: np.array(keras.ops.convert_to_numpy(v), copy=True) for v in variables}


def assign_variables(variables: list[keras.Variable], names: dict[int, str], arrays: Arrays) -> None:
    """Write the values in `arrays` into those of `variables` that it names."""
    for variable in variables:
        if names[id(variable)] in arrays:
            variable.assign(arrays[names[id(variable)]])
