"""A few real training steps on the running backend, in a process of their own: a crash there ends nothing else.

Prints one JSON object per stage as it is reached: the devices, then the steps.
"""

import json
import math
import sys
import time
from typing import Any

NUM_STEPS = 5
BATCH, SIZE, CLASSES = 32, 32, 10


def main() -> None:
    """Find the devices, train, and print both."""
    from car_classifier.backends.quiet import load_backend

    began = time.perf_counter()
    load_backend()
    import keras

    from car_classifier.backends.devices import distribute_over_devices, find_devices
    from car_classifier.decisions import decide_precision, decide_xla

    devices = find_devices()
    backend = keras.backend.backend()
    precision = decide_precision("auto", devices).value
    xla = decide_xla("auto", devices, backend=backend).value
    _tell({
        "backend": backend, "kind": devices.kind, "devices": list(devices.names), "precision": precision, "xla": xla,
        "spread": distribute_over_devices(devices), "load_seconds": time.perf_counter() - began,
    })
    keras.config.set_dtype_policy(precision)
    _tell(_train(xla == "on"))


def _train(xla: bool) -> dict[str, Any]:
    import keras
    import numpy as np

    from car_classifier.backends.step import create_step
    from car_classifier.training.config import TrainingConfig
    from car_classifier.training.losses import create_loss
    from car_classifier.training.optimizers import create_optimizer
    from models.model1 import create_model1_model

    keras.utils.set_random_seed(0)
    network = create_model1_model((SIZE, SIZE, 3), CLASSES)
    step = create_step(
        network, create_optimizer(TrainingConfig(), network.trainable_variables), create_loss(0.0), xla=xla
    )
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (BATCH, SIZE, SIZE, 3)).astype("float32")
    labels = np.eye(CLASSES, dtype="float32")[generator.integers(0, CLASSES, BATCH)]
    before = [np.copy(keras.ops.convert_to_numpy(variable)) for variable in network.trainable_variables]
    seconds, losses = [], []
    for _ in range(1 + NUM_STEPS):
        began = time.perf_counter()
        _, loss = step.train(pictures, labels, np.ones(BATCH, "float32"), 1e-3)
        losses.append(float(np.mean(keras.ops.convert_to_numpy(loss))))
        seconds.append(time.perf_counter() - began)
    step.write_back()
    moved = all((old != keras.ops.convert_to_numpy(new)).any() for old, new in
                zip(before, network.trainable_variables, strict=True))
    return {
        "first_seconds": seconds[0], "step_seconds": sorted(seconds[1:])[NUM_STEPS // 2], "learns": moved,
        "loss_is_finite": all(map(math.isfinite, losses)), "pictures": BATCH, "image_size": SIZE,
    }


def _tell(stage: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(stage) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
