"""RunningMetrics against Keras' metrics, and its independence of when it reduces what it keeps."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from results.running_metrics import METRICS, RunningMetrics


def make_batches(*, num_pictures=700, num_classes=12, batch_size=32, seed=0, mixed=False):
    generator = np.random.default_rng(seed)
    classes = generator.integers(0, num_classes, num_pictures)
    scores = generator.normal(size=(num_pictures, num_classes)) * 2 + 3 * np.eye(num_classes)[classes]
    probabilities = np.exp(scores).astype(np.float32)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    labels = np.eye(num_classes, dtype=np.float32)[classes]
    if mixed:
        shares = generator.uniform(0.5, 1, (num_pictures, 1)).astype(np.float32)
        labels = shares * labels + (1 - shares) * labels[generator.permutation(num_pictures)]
    losses = -np.log(probabilities[np.arange(num_pictures), classes])
    cuts = range(0, num_pictures, batch_size)
    return [(labels[i : i + batch_size], probabilities[i : i + batch_size], losses[i : i + batch_size]) for i in cuts]


def figures_of(batches, *, num_classes=12):
    metrics = RunningMetrics(num_classes)
    for batch in batches:
        metrics.add(*batch)
    return metrics.result()


def keras_figures(batches):
    import keras

    metrics = {
        "loss": None,
        "accuracy": keras.metrics.CategoricalAccuracy(),
        "top_3_accuracy": keras.metrics.TopKCategoricalAccuracy(3),
        "top_5_accuracy": keras.metrics.TopKCategoricalAccuracy(5),
        "precision": keras.metrics.Precision(),
        "recall": keras.metrics.Recall(),
        "auc": keras.metrics.AUC(),
    }
    losses = np.concatenate([batch[2] for batch in batches])
    for name, metric in list(metrics.items())[1:]:
        for labels, probabilities, _ in batches:
            metric.update_state(labels, probabilities)
        metrics[name] = float(metric.result())
    return metrics | {"loss": float(losses.mean())}


@pytest.mark.parametrize(("num_pictures", "num_classes"), [(700, 12), (400, 196), (300, 6)])
def test_figures_equal_those_of_keras(num_pictures, num_classes):
    batches = make_batches(num_pictures=num_pictures, num_classes=num_classes)
    assert figures_of(batches, num_classes=num_classes) == pytest.approx(keras_figures(batches), abs=1e-6)


def test_probabilities_on_thresholds_and_ends_fall_where_keras_puts_them():
    edges = np.concatenate([np.arange(200) / 199, [0.5, 1e-8, 1 - 1e-7]]).astype(np.float32)
    probabilities = np.random.default_rng(1).choice(edges, (500, 12))
    labels = np.eye(12, dtype=np.float32)[np.arange(500) % 12]
    batches = [(labels, probabilities, np.zeros(500, np.float32))]
    assert figures_of(batches) == pytest.approx(keras_figures(batches), abs=1e-6)


def test_ties_count_as_in_keras():
    probabilities = np.random.default_rng(2).choice(np.float32([0.1, 0.2]), (200, 12))
    labels = np.eye(12, dtype=np.float32)[np.arange(200) % 12]
    batches = [(labels, probabilities, np.zeros(200, np.float32))]
    assert figures_of(batches) == pytest.approx(keras_figures(batches), abs=1e-6)


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("flush_every", [1, 3, 7])
def test_figures_do_not_depend_on_when_the_counts_are_made(mixed, flush_every):
    batches = make_batches(mixed=mixed, batch_size=13)
    metrics = RunningMetrics(12)
    for number, batch in enumerate(batches):
        metrics.add(*batch)
        if number % flush_every == 0:
            metrics.flush()
    assert metrics.result() == figures_of(batches)


@pytest.mark.parametrize("mixed", [False, True])
def test_epoch_cut_in_the_middle_continues_bit_for_bit(mixed):
    batches = make_batches(mixed=mixed)
    first, second = RunningMetrics(12), RunningMetrics(12)
    for batch in batches[:9]:
        first.add(*batch)
    second.restore(json.loads(json.dumps(first.state())))
    for batch in batches[9:]:
        second.add(*batch)
    assert second.result() == figures_of(batches)


def test_mixed_labels_count_by_their_share():
    labels = np.float32([[0.75, 0.25, 0, 0]])
    probabilities = np.float32([[0.6, 0.4, 0, 0]])
    figures = figures_of([(labels, probabilities, np.float32([1]))], num_classes=4)
    assert figures["accuracy"] == 1
    assert figures["precision"] == 0.75
    assert figures["recall"] == 0.75
    assert figures["auc"] == pytest.approx((0.25 * 0.375 + 0.75 * 0.875 + 2 * 1) / 3)


def test_loss_is_a_weighted_mean_and_padding_counts_nowhere():
    batches = make_batches(num_pictures=40)
    padded = [(*batch, np.ones(len(batch[0]), np.float32)) for batch in batches]
    nothing = np.full((8, 12), np.nan, np.float32)
    padded.append((nothing, nothing, nothing[:, 0], np.zeros(8, np.float32)))
    assert figures_of(padded) == figures_of(batches)
    labels, probabilities, _ = batches[0]
    weighted = figures_of([(labels[:2], probabilities[:2], np.float32([1, 5]), np.float32([3, 1]))])
    assert weighted["loss"] == 2


def test_top_k_is_none_when_every_class_is_among_the_best_k():
    figures = figures_of(make_batches(num_classes=5), num_classes=5)
    assert figures["top_5_accuracy"] is None
    assert figures["top_3_accuracy"] > figures["accuracy"]


def test_nothing_seen_has_no_figures():
    assert RunningMetrics(3).result() == dict.fromkeys(METRICS)


def test_diverged_training_is_wrong_everywhere_and_stops_nothing():
    labels = np.eye(12, dtype=np.float32)
    batch = (labels, np.full((12, 12), np.nan, np.float32), np.full(12, np.nan, np.float32))
    figures = figures_of([batch])
    assert np.isnan(figures["loss"])
    assert figures["accuracy"] == figures["top_5_accuracy"] == 0


def test_device_arrays_are_taken_as_they_are():
    import keras

    batches = make_batches(num_pictures=64)
    on_device = [tuple(keras.ops.convert_to_tensor(array) for array in batch) for batch in batches]
    assert figures_of(on_device) == figures_of(batches)


def test_shapes_that_do_not_fit_are_refused():
    labels, probabilities, losses = make_batches(num_pictures=8)[0]
    with pytest.raises(ValueError, match="Expected labels and probabilities"):
        RunningMetrics(12).add(labels[:4], probabilities, losses)
    with pytest.raises(ValueError, match="Expected a state of 3 classes"):
        RunningMetrics(3).restore(RunningMetrics(12).state())


def test_import_needs_numpy_alone():
    code = "import sys, results.running_metrics as r; print(*{m.split('.')[0] for m in sys.modules})"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert not {"scipy", "sklearn", "pandas", "keras", "matplotlib"} & set(answer.stdout.split())
