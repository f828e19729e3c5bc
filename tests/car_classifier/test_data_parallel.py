"""Batches spread over several devices train like on one; only JAX does so, others say it."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from car_classifier.backends.devices import Devices, distribute_over_devices

CHECKOUT = Path(__file__).parent.parent.parent
SCRIPT = """
import sys
import numpy as np
from pathlib import Path
from car_classifier.backends.devices import distribute_over_devices, find_devices
from tests.car_classifier.small_training import SquaresLoader, train_tiny, weights_of
if sys.argv[2] == "2":
    devices = find_devices()
    assert len(devices.names) == 2, devices
    assert "2 devices" in distribute_over_devices(devices)
result = train_tiny(Path(sys.argv[1]), epochs=2, dropout=0.0)
np.save(sys.argv[1] + "/weights.npy", weights_of(result))
"""


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="data parallelism needs KERAS_BACKEND=jax")
def test_two_devices_train_like_one(tmp_path, monkeypatch):
    weights = []
    for count in ("1", "2"):
        folder = tmp_path / count
        folder.mkdir()
        monkeypatch.setenv("XLA_FLAGS", f"--xla_force_host_platform_device_count={count}")
        subprocess.run([sys.executable, "-c", SCRIPT, str(folder), count], cwd=CHECKOUT, check=True)
        weights.append(np.load(folder / "weights.npy"))
    np.testing.assert_allclose(weights[0], weights[1], atol=1e-4)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="on JAX several devices are used")
def test_other_backends_say_that_one_device_is_used():
    assert "needs KERAS_BACKEND=jax" in distribute_over_devices(Devices("gpu", ("gpu:0", "gpu:1"), True))


def test_one_device_needs_no_words():
    assert distribute_over_devices(Devices("cpu", ("cpu:0",), False)) is None
