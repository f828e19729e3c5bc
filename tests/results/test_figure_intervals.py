import numpy as np
import pytest

from results.figure_intervals import figure_intervals
from results.metrics import classification_figures


@pytest.fixture(scope="module")
def case():
    generator = np.random.default_rng(3)
    labels = generator.integers(0, 7, 200)
    probabilities = generator.dirichlet(np.ones(8), 200).astype(np.float32)  # one class without pictures
    probabilities[np.arange(200), labels] += 0.2
    return labels, probabilities / probabilities.sum(axis=1, keepdims=True), [f"class {number}" for number in range(8)]


def test_every_figure_lies_in_its_interval(case):
    labels, probabilities, names = case
    figures = classification_figures(labels, probabilities, class_names=names, seed=0)
    intervals = figure_intervals(labels, probabilities, seed=0)
    assert {"accuracy", "top_3_accuracy", "top_5_accuracy", "f1_macro", "auc_macro_ovr", "loss"} <= intervals.keys()
    for name, (low, high) in intervals.items():
        assert low <= figures[name] <= high and low < high and high - low < 0.25, name
    assert intervals["accuracy"] == (figures["accuracy_low"], figures["accuracy_high"])


def test_means_over_classes_have_no_interval_where_nothing_is_wrong():
    labels = np.repeat([0, 1, 2], 20)
    intervals = figure_intervals(labels, np.eye(3)[labels], seed=0)
    assert intervals["accuracy"][0] < 1 and "f1_macro" not in intervals and "auc_macro_ovr" not in intervals
