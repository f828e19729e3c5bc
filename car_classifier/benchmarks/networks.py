"""Networks for measurements, made as a training makes them."""

import keras

from car_classifier.backends.devices import find_devices
from car_classifier.base.registry import resolve
from car_classifier.config import Config
from car_classifier.decisions import decide_precision, decide_xla
from car_classifier.hyperparameters import MODEL_SETTINGS
from car_classifier.training.phases import Phase, plan_phases
from car_classifier.training.running_phase import PhaseData, RunningPhase
from car_classifier.training.variables import copy_variables, name_variables
from models.freezing import freeze
from models.registry import MODELS
from models.weight_files import weights_of


def build_network(config: Config, *, num_classes: int) -> keras.Model:
    """Return the model that the settings describe, frozen as they say; the same settings give the same weights.

    The global dtype policy becomes the one that `config` decides on.
    """
    keras.config.set_dtype_policy(decide_precision(config.training.precision, find_devices()).value)
    keras.utils.set_random_seed(config.seed)
    create = resolve("model", config.model.name, {name: entry.create for name, entry in MODELS.items()})
    own = {name: getattr(config.model, name) for name in MODEL_SETTINGS}
    weights = weights_of(config.model, config.data.directory / "weights")
    size = config.data.image_size
    network = create((size, size, 3), num_classes, **own, weights=weights)
    freeze(network, config.model.x_trainable)
    return network


def uses_xla(config: Config) -> bool:
    """Say whether `config` compiles the step with XLA on this machine."""
    return decide_xla(config.training.xla, find_devices(), backend=keras.backend.backend()).value == "on"


def main_phase(config: Config) -> Phase:
    """Return the phase that trains what the settings leave unfrozen."""
    return plan_phases(config.training, pretrained=False, x_trainable=config.model.x_trainable)[-1]


def start_phase(config: Config, data: PhaseData, *, network: keras.Model) -> RunningPhase:
    """Return a phase under way, compiled as `train` compiles it.

    Args:
        data: what it trains; its model shares its layers with `network`.
        network: the whole model.
    """
    names = name_variables(network)
    initial = copy_variables(network.variables, names) if config.training.l2_sp else {}
    return RunningPhase(
        main_phase(config), data, config=config.training, names=names, initial=initial, xla=uses_xla(config)
    )
