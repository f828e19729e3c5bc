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
