"""KerasTuner's own `Tuner` runs the trials that it is given, one per call."""

import keras
import numpy as np
import pytest

from car_classifier.benchmarks.keras_tuner_search import KerasTunerSearch
from car_classifier.config import Config

CONFIG = Config().override({"training.epochs": 2, "training.batch_size": 4})
VALUES = [{}, {"training.batch_size": 2}, {"training.optimizer_type": "SGD", "training.momentum": 0.5}]
ARRAYS = np.ones((8, 3), np.float32), np.eye(8, 2, dtype=np.float32)


@pytest.fixture
def built() -> list[keras.Model]:
    return []


@pytest.fixture
def tuner(built, tmp_path) -> KerasTunerSearch:
    def build(config: Config) -> keras.Model:
        built.append(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")]))
        return built[-1]

    tuner = KerasTunerSearch(CONFIG, VALUES, build, (ARRAYS, ARRAYS), folder=tmp_path)
    built.clear()  # the library has built one to look for hyper-parameters
    return tuner


def test_each_call_trains_one_trial_with_its_values(tuner, built):
    for _ in VALUES:
        tuner()
    updates = [int(network.optimizer.iterations) for network in built]
    assert updates == [2 * 2, 2 * 4, 2 * 2]
    assert [type(network.optimizer).__name__ for network in built] == ["Adam", "Adam", "SGD"]
    assert built[2].optimizer.momentum == 0.5


def test_a_call_may_train_fewer_epochs(tuner, built):
    tuner(epochs=1)
    assert int(built[0].optimizer.iterations) == 2


def test_nothing_is_printed(tuner, capfd):
    tuner()
    assert capfd.readouterr().out == ""


def test_trial_that_fails_is_no_measurement(tmp_path):
    def build(config: Config) -> keras.Model:
        if config.training.batch_size == 2:
            raise OSError("out of luck")
        return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])

    tuner = KerasTunerSearch(CONFIG, VALUES[1:], build, (ARRAYS, ARRAYS), folder=tmp_path)
    with pytest.raises(RuntimeError, match="out of luck"):
        tuner()
