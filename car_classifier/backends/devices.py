"""What the running backend computes on."""

from dataclasses import dataclass
from pathlib import Path

import keras

_PROCESSOR = Path("/proc/cpuinfo")  # Linux


@dataclass(frozen=True)
class Devices:
    """The devices of the running backend.

    Args:
        kind: "cpu", "gpu" or "tpu".
        names: one per device, as the backend names it.
        has_bfloat16: whether the devices compute in bfloat16 at full speed.
    """

    kind: str
    names: tuple[str, ...]
    has_bfloat16: bool


def find_devices() -> Devices:
    """Return the devices that the running backend will use."""
    names = tuple(keras.distribution.list_devices())
    kind = names[0].partition(":")[0].lower() if names else "cpu"
    has_bfloat16 = kind == "tpu" or (kind == "gpu" and _compute_capability() >= 8) or (kind == "cpu" and _has_amx())
    return Devices(kind, names, has_bfloat16)


def _has_amx() -> bool:
    """Say whether the processor multiplies matrices of bfloat16 in hardware (Intel's AMX)."""
    return _PROCESSOR.is_file() and "amx_bf16" in _PROCESSOR.read_text()


def _compute_capability() -> float:
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
        return float("{}.{}".format(*details.get("compute_capability", (0, 0))))
    if backend == "jax":
        import jax

        return float(getattr(jax.devices()[0], "compute_capability", 0))
    import torch

    return float("{}.{}".format(*torch.cuda.get_device_capability()))


def distribute_over_devices(devices: Devices) -> str | None:
    """Spread batches over all devices when there are several; return what was done, in words.

    Only the JAX backend trains so; on others the first device works alone, and the sentence says so.
    """
    if len(devices.names) < 2:
        return None
    if keras.backend.backend() != "jax":
        return f"1 of {len(devices.names)} devices used: data parallelism needs KERAS_BACKEND=jax"
    keras.distribution.set_distribution(keras.distribution.DataParallel())
    return f"batches spread over {len(devices.names)} devices"
