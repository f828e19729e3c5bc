"""What "auto" means on this machine, with the reason."""

from dataclasses import dataclass

from car_classifier.backends.devices import Devices
from car_classifier.config import Config


@dataclass(frozen=True)
class Decision:
    """A choice and why it was made; both go to the first screen and to run.json."""

    value: str
    reason: str


def decide_precision(setting: str, devices: Devices) -> Decision:
    """Return the dtype policy: what was asked for, or on a GPU mixed precision and on a CPU float32."""
    if setting != "auto":
        return Decision(setting, "asked for")
    if devices.kind == "cpu" and devices.has_bfloat16:
        return Decision("float32", "exact; on this CPU, which has AMX, mixed_bfloat16 may be faster or slower")
    if devices.kind == "cpu":
        return Decision("float32", "a CPU gains little from mixed precision and may lose")
    if devices.has_bfloat16:
        return Decision("mixed_bfloat16", f"the {devices.kind.upper()} computes in bfloat16")
    return Decision("mixed_float16", "the GPU computes in float16 but not in bfloat16")


def decide_xla(setting: str, devices: Devices, *, backend: str) -> Decision:
    """Return "on" or "off": what was asked for; JAX always compiles; TensorFlow on a GPU, not on a CPU."""
    if setting != "auto":
        return Decision(setting, "asked for")
    if backend == "jax":
        return Decision("on", "JAX compiles every step")
    if backend == "torch":
        return Decision("off", "PyTorch has no XLA here")
    if devices.kind == "cpu":
        return Decision("off", "on a CPU it makes convolutions 2 to 8 times slower")
    return Decision("on", f"it helps on a {devices.kind.upper()}")


def describe_augmentation(config: Config) -> str:
    """Return what becomes of each picture in training; where nothing does, why, and what that means for a preset."""
    settings = config.augmentation
    mixing = [name for name, alpha in (("CutMix", settings.cutmix_alpha), ("MixUp", settings.mixup_alpha)) if alpha]
    if settings.augment:
        chain = ", ".join(settings.transform_order).replace("_", " ")
        return " + ".join([f"preset {settings.preset}: {chain}" if settings.preset else chain, *mixing])
    chain = f"no transforms: {_why_not_augmented(config)}"
    if settings.preset:
        chain += f". Preset {settings.preset} does nothing then; augmentation.augment=true makes it count"
    return " + ".join([chain, *mixing])


def _why_not_augmented(config: Config) -> str:
    if config.data.augmented_copies is not None:
        return "augmented copies take their place"
    if not config.model.trains_head_alone:
        return "switched off"
    if config.training.cache_features and not config.augmentation.mixes:
        return "the backbone is frozen, and its features are computed once"
    return "the backbone is frozen"


def describe_loss(config: Config) -> str | None:
    """Return the loss where it is not the usual one, or where a setting of it does nothing; else None."""
    training = config.training
    terms = ("label smoothing", training.label_smoothing), ("L2-SP λ =", training.l2_sp)
    added = [f"{words} {value:g}" for words, value in terms if value]
    if training.loss == "focal":
        return ", ".join([f"focal, γ = {training.focal_gamma:g}", *added])
    usual = ", ".join(["cross-entropy", *added])
    if training.focal_gamma != Config().training.focal_gamma:
        return f"{usual}: training.focal_gamma={training.focal_gamma:g} does nothing without training.loss=focal"
    return usual if added else None


def describe_rate(config: Config) -> str:
    """Return how the weights move: rate, optimizer, schedule, and what slows lower layers down."""
    training = config.training
    lower = f", times {training.layer_rate_decay:g} with each step down the network" if training.layer_rate_decay != 1 else ""
    return f"{training.learning_rate:g}, {training.optimizer_type}, schedule {training.schedule}{lower}"


def describe_weights(config: Config) -> str:
    """Return what the network starts from; of published weights by whom they are and under which licence."""
    name = config.model.weights
    if name in (None, "none"):
        return "random: nothing is learnt beforehand"
    published = next((entry for entry in config.model.entry.weights if entry.name == name), None)
    return f"from {name}" if published is None else f"{name}, of {published.source}; licence: {published.licence}"
