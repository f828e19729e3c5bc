"""Optimizers by name, each with the hyper-parameters that belong to it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import keras
import numpy as np

from car_classifier.base.registry import resolve
from car_classifier.training.config import TrainingConfig
from car_classifier.training.fine_tuning_update import START, FineTuningUpdate

OPTIMIZERS = {
    "Adam": ("keras.optimizers:Adam", ("beta_1", "beta_2")),
    "AdamW": ("keras.optimizers:AdamW", ("beta_1", "beta_2")),
    "SGD": ("keras.optimizers:SGD", ("momentum",)),
    "RMSprop": ("keras.optimizers:RMSprop", ("rho",)),
    "AdaGrad": ("keras.optimizers:Adagrad", ()),
}
# The same updates with fewer operations, by backend.
FASTER = {
    "tensorflow": {
        "Adam": "car_classifier.backends.tensorflow_adam:FusedAdam",
        "AdamW": "car_classifier.backends.tensorflow_adam:FusedAdamW",
    },
}
UNDECAYED = ("bias", "gamma", "beta")  # names of weights that weight decay leaves alone


def create_optimizer(
    config: TrainingConfig, variables: Iterable[keras.Variable], *, plain: bool = False,
    rate_factors: Mapping[int, float] = MappingProxyType({}), starts: Mapping[int, np.ndarray] = MappingProxyType({}),
) -> keras.optimizers.Optimizer:
    """Return a built optimizer for `variables`.

    Betas go to Adam and AdamW, momentum to SGD, rho to RMSprop. Weight decay is decoupled from the gradient (Loshchilov
    and Hutter 2019) for every optimizer and skips biases and the weights of normalisation layers. The rate is set from
    outside before every update. With the dtype policy mixed_float16 the optimizer scales the loss.

    Args:
        plain: take Keras' own optimizers, not the faster ones: a benchmark's other side does as others do.
        rate_factors: `id(variable) -> factor of its rate`; 1 for all others.
        starts: `id(variable) -> value` that `config.l2_sp` pulls it to; no pull for all others.

    Raises:
        UnknownNameError: lists the known optimizers.
    """
    paths = {name: path for name, (path, _) in OPTIMIZERS.items()} | ({} if plain else FASTER.get(keras.backend.backend(), {}))
    make = resolve("optimizer", config.optimizer_type, paths)
    own = {name: getattr(config, name) for name in OPTIMIZERS[config.optimizer_type][1]}
    variables = list(variables)
    if rate_factors or starts:
        make = type(f"FineTuning{make.__name__}", (FineTuningUpdate, make), {})
        own["rate_factors"] = [rate_factors.get(id(variable), 1.0) for variable in variables]
        own["starts"] = [starts.get(id(variable)) for variable in variables]
        own["l2_sp"] = config.l2_sp
    optimizer = make(
        learning_rate=config.learning_rate or 1e-3,
        weight_decay=config.weight_decay if config.weight_decay or issubclass(make, keras.optimizers.AdamW) else None,
        global_clipnorm=config.clip_norm,
        **own,
    )
    if config.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=list(UNDECAYED))
    if keras.config.dtype_policy().name == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(variables)
    return optimizer


def changing_optimizer_variables(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    """Return the variables that updates change: all but the pretrained weights that `l2_sp` pulls to."""
    return [variable for variable in optimizer.variables if variable.name != START]


def rate_variable(optimizer: keras.optimizers.Optimizer) -> keras.Variable:
    """Return the variable that holds the learning rate, also behind loss scaling."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    return inner.learning_rate
