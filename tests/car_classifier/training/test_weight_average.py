"""Averages of the weights: the rule, and what a training makes of it."""

import keras
import numpy as np
import pytest

from car_classifier.training.weight_average import WeightAverage, decay_of_update
from tests.car_classifier.small_training import NUM_CLASSES, SIZE, SquaresLoader, create_tiny_model, train_tiny


def test_decay_grows_with_the_updates_up_to_the_one_asked_for():
    assert [decay_of_update(0.9, update) for update in (0, 8, 80, 1000)] == pytest.approx([0.1, 0.5, 0.9, 0.9])


def test_average_moves_towards_weights_and_statistics_but_not_to_those_that_are_frozen():
    frozen, norm = keras.layers.Dense(3), keras.layers.BatchNormalization()
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dropout(0.5, seed=1)(norm(frozen(inputs))))
    frozen.trainable = False
    average = WeightAverage(model)
    assert [id(source) for source in average.sources] == [id(weight) for weight in norm.weights]
    norm.moving_mean.assign([1.0, 2.0, 4.0])
    average.update(0.75)
    place = [source is norm.moving_mean for source in average.sources].index(True)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(average.variables[place]), [0.25, 0.5, 1.0])


def _weights(model):
    return np.concatenate([keras.ops.convert_to_numpy(weight).ravel() for weight in model.trainable_variables])


def _train(folder, *, epochs, batch_size=16, **settings):
    loaders = SquaresLoader(16, batch_size=batch_size), None
    return _weights(train_tiny(folder, epochs=epochs, loaders=loaders, dropout=0.0, normalised=False, schedule="none",
                               **settings).model)


@pytest.mark.parametrize("accum_steps", [1, 4])
def test_trained_average_counts_updates_and_not_batches(tmp_path, accum_steps):
    keras.utils.set_random_seed(3)
    start = _weights(create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES, dropout=0.0, normalised=False))
    first, second = (_train(tmp_path / str(epochs), epochs=epochs) for epochs in (1, 2))
    expected = 2 / 11 * (0.1 * start + 0.9 * first) + 9 / 11 * second
    received = _train(tmp_path / "averaged", epochs=2, ema_decay=0.9, batch_size=16 // accum_steps, accum_steps=accum_steps)
    np.testing.assert_allclose(received, expected, atol=1e-6)


def test_validation_sees_the_averages_that_are_stored(tmp_path):
    result = train_tiny(tmp_path, epochs=2, ema_decay=0.9)
    validation = SquaresLoader(12, seed=9, shuffle=False)
    true = result.validation_probabilities[np.arange(12), validation.labels]
    assert result.history[result.best_epoch - 1]["val_loss"] == pytest.approx(float(-np.log(true).mean()), abs=1e-5)
    plain = train_tiny(tmp_path / "plain", epochs=2)
    assert result.history[0]["loss"] == plain.history[0]["loss"]
    assert result.history[0]["val_loss"] != plain.history[0]["val_loss"]
