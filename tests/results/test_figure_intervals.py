import numpy as np
import pytest

from results.answers import answers_from_probabilities
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
    answers = answers_from_probabilities([str(n) for n in range(200)], labels, probabilities, names)
    intervals = figure_intervals(answers, seed=0)
    assert {"accuracy", "top_3_accuracy", "top_5_accuracy", "f1_macro", "precision_weighted"} <= intervals.keys()
    for name, (low, high) in intervals.items():
        assert low <= figures[name] <= high and low < high and high - low < 0.2, name
    assert intervals["accuracy"] == (figures["accuracy_low"], figures["accuracy_high"])
