import keras
import numpy as np
import pytest

from car_classifier.backends.step import create_step
from car_classifier.training.config import TrainingConfig
from car_classifier.training.losses import create_loss
from car_classifier.training.optimizers import create_optimizer
from data.augmentation_config import AugmentationConfig
from data.batch import Batch
from data.mixing import mix_batch
from tests.car_classifier.small_training import NUM_CLASSES, SquaresLoader, train_tiny, weights_of

CLASS_WEIGHTS = np.array([0.2, 3.0, 1.0, 0.5])


def mixed_batch(**method) -> Batch:
    generator = np.random.default_rng(0)
    labels = np.eye(NUM_CLASSES, dtype=np.float32)[generator.integers(0, NUM_CLASSES, 6)]
    pictures = generator.integers(0, 255, (6, 4, 4, 3)).astype(np.uint8)
    return mix_batch(Batch(pictures, labels, np.ones(6, np.float32)), AugmentationConfig(**method), seed=2)


def linear_network() -> keras.Model:
    inputs = keras.Input((4, 4, 3))
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    return keras.Model(inputs, keras.layers.Dense(NUM_CLASSES, activation="softmax")(flat))


def shares(labels: np.ndarray, smoothing: float) -> np.ndarray:
    """y_c w_c of every class of every label, smoothed."""
    return (labels * (1 - smoothing) + smoothing / NUM_CLASSES) * CLASS_WEIGHTS


def gradient_by_hand(batch: Batch, probabilities: np.ndarray, smoothing: float) -> np.ndarray:
    """Sum over the batch of d loss / d bias: p_k Σ_c y_c w_c - y_k w_k."""
    parts = shares(batch.labels, smoothing)
    return (probabilities * parts.sum(1, keepdims=True) - parts).sum(0)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("method", [{"cutmix_alpha": 1.0}, {"mixup_alpha": 0.4}])
def test_each_class_of_a_mixed_label_has_its_own_weight(method, smoothing):
    batch = mixed_batch(**method)
    assert (batch.labels.max(1) < 1).any()
    probabilities = np.random.default_rng(1).dirichlet(np.ones(NUM_CLASSES), 6).astype(np.float32)
    losses = create_loss(smoothing, CLASS_WEIGHTS)(batch.labels, probabilities, batch.weights)
    expected = -(shares(batch.labels, smoothing) * np.log(probabilities)).sum(1)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(losses), expected, rtol=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("accumulates", [False, True])
def test_the_step_descends_along_the_weighted_gradient(smoothing, accumulates):
    network, batch = linear_network(), mixed_batch(mixup_alpha=1.0)
    bias = network.trainable_variables[1]
    before, probabilities = np.array(bias), keras.ops.convert_to_numpy(network(batch.pictures))
    optimizer = create_optimizer(TrainingConfig(optimizer_type="SGD", momentum=0.0), network.trainable_variables)
    step = create_step(network, optimizer, create_loss(smoothing, CLASS_WEIGHTS), xla=False)
    if accumulates:
        for part in (slice(0, 2), slice(2, 6)):
            step.accumulate(*(array[part] for array in batch))
        step.update(0.5, 6)
    else:
        step.train(*batch, 0.5)
    step.write_back()
    moved = -0.5 * gradient_by_hand(batch, probabilities, smoothing) / 6
    np.testing.assert_allclose(np.array(bias) - before, moved, atol=1e-6)


def test_equal_class_weights_change_nothing():
    batch = mixed_batch(mixup_alpha=1.0)
    probabilities = np.random.default_rng(1).dirichlet(np.ones(NUM_CLASSES), 6).astype(np.float32)
    plain, weighted = (
        create_loss(0.1, weights)(batch.labels, probabilities, batch.weights) for weights in (None, np.ones(NUM_CLASSES))
    )
    np.testing.assert_allclose(plain, weighted, rtol=1e-6)


def test_training_weighs_classes_alike_on_cached_features_and_on_pictures(tmp_path):
    trained = {}
    for name, cache, weights in (("whole", False, CLASS_WEIGHTS), ("cached", True, CLASS_WEIGHTS), ("even", True, None)):
        loaders = SquaresLoader(class_weights=weights), SquaresLoader(12, seed=9, shuffle=False)
        result = train_tiny(tmp_path / name, epochs=2, accum_steps=3, loaders=loaders, cache_features=cache, dropout=0.0,
                            x_trainable="none", optimizer_type="SGD")
        trained[name] = weights_of(result)
    np.testing.assert_allclose(trained["cached"], trained["whole"], atol=1e-4)
    assert np.abs(trained["cached"] - trained["even"]).max() > 1e-3


def focal(labels: np.ndarray, probabilities: np.ndarray, *, smoothing: float, gamma: float) -> np.ndarray:
    """Σ_c y_c w_c (1 - p_c)^γ (-log p_c) of every picture."""
    return -(shares(labels, smoothing) * (1 - probabilities) ** gamma * np.log(probabilities)).sum(1)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal_loss_lets_each_class_of_a_mixed_label_count_less_the_surer_its_answer(smoothing, gamma):
    batch, probabilities = mixed_batch(mixup_alpha=0.4), np.random.default_rng(1).dirichlet(np.ones(NUM_CLASSES), 6)
    weights = np.linspace(0.5, 2, 6).astype(np.float32)
    loss = create_loss(smoothing, CLASS_WEIGHTS, focal_gamma=gamma)
    received = keras.ops.convert_to_numpy(loss(batch.labels, probabilities.astype(np.float32), weights))
    assert received.dtype == np.float32
    np.testing.assert_allclose(
        received, weights * focal(batch.labels, probabilities, smoothing=smoothing, gamma=gamma), rtol=1e-5
    )


def test_focal_loss_of_gamma_0_is_cross_entropy():
    batch, probabilities = mixed_batch(cutmix_alpha=1.0), np.random.default_rng(1).dirichlet(np.ones(NUM_CLASSES), 6)
    plain, focused = (create_loss(0.1, focal_gamma=gamma)(batch.labels, probabilities.astype(np.float32), batch.weights)
                      for gamma in (None, 0.0))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(plain), keras.ops.convert_to_numpy(focused), rtol=1e-5)


def test_the_step_descends_along_the_gradient_of_the_focal_loss():
    network, batch = linear_network(), mixed_batch(mixup_alpha=1.0)
    bias = network.trainable_variables[1]
    before, scores = np.array(bias), np.log(keras.ops.convert_to_numpy(network(batch.pictures)).astype(np.float64))
    optimizer = create_optimizer(TrainingConfig(optimizer_type="SGD", momentum=0.0), network.trainable_variables)
    step = create_step(network, optimizer, create_loss(0.1, CLASS_WEIGHTS, focal_gamma=2.0), xla=False)
    step.train(*batch, 0.5)
    step.write_back()

    def mean_loss(shift: np.ndarray) -> float:
        odds = np.exp(scores + shift)
        return focal(batch.labels, odds / odds.sum(1, keepdims=True), smoothing=0.1, gamma=2.0).mean()

    gradient = [(mean_loss(1e-5 * unit) - mean_loss(-1e-5 * unit)) / 2e-5 for unit in np.eye(NUM_CLASSES)]
    np.testing.assert_allclose(np.array(bias) - before, -0.5 * np.array(gradient), atol=1e-5)


def test_validation_is_judged_by_cross_entropy_whatever_trains(tmp_path):
    result = train_tiny(tmp_path, epochs=1, loss="focal", focal_gamma=5.0, label_smoothing=0.3)
    validation = SquaresLoader(12, seed=9, shuffle=False)
    true = result.validation_probabilities[np.arange(12), validation.labels]
    assert result.history[0]["val_loss"] == pytest.approx(float(-np.log(true).mean()), abs=1e-5)
    assert result.history[0]["loss"] < result.history[0]["val_loss"]
