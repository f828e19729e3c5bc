"""What "auto" means on this machine, with the reason."""

from dataclasses import dataclass

from car_classifier.backends.devices import Devices


@dataclass(frozen=True)
class Decision:
    """A choice and why it was made; both go to the first screen and to run.json."""

    value: str
    reason: str


def decide_precision(setting: str, devices: Devices) -> Decision:
    """Return the dtype policy: what was asked for, or on a GPU mixed precision and on a CPU float32."""
    if setting != "auto":
        return Decision(setting, "asked for")
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
