"""The figures of evaluation.json against scikit-learn, and where they are not defined."""

import json

import numpy as np
import pytest
import sklearn.metrics

from car_classifier.base.errors import DataError
from results.metrics import classification_figures, confusion_matrix


def make_answers(*, num_pictures=400, num_classes=8, seed=0):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, num_classes, num_pictures)
    scores = np.exp(generator.normal(size=(num_pictures, num_classes)) + 2 * np.eye(num_classes)[labels])
    return labels, (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)


def figures_of(labels, probabilities):
    names = [f"class {index}" for index in range(probabilities.shape[1])]
    return classification_figures(labels, probabilities, class_names=names, seed=3)


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_averages_equal_those_of_scikit_learn(average):
    labels, probabilities = make_answers()
    figures, answers = figures_of(labels, probabilities), probabilities.argmax(axis=1)
    expected = sklearn.metrics.precision_recall_fscore_support(labels, answers, average=average)
    assert [figures[f"{name}_{average}"] for name in ("precision", "recall", "f1")] == pytest.approx(expected[:3])


def test_area_and_top_k_and_loss_equal_those_of_scikit_learn():
    labels, probabilities = make_answers()
    probabilities = np.round(probabilities, 2) + np.float32(1e-3)  # with ties
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    figures = figures_of(labels, probabilities)
    area = sklearn.metrics.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro")
    assert figures["auc_macro_ovr"] == pytest.approx(area, abs=1e-6)
    assert figures["loss"] == pytest.approx(sklearn.metrics.log_loss(labels, probabilities), abs=1e-5)
    _, clear = make_answers()
    expected = sklearn.metrics.top_k_accuracy_score(labels, clear, k=3)
    assert figures_of(labels, clear)["top_3_accuracy"] == pytest.approx(expected)


def test_accuracy_lies_inside_its_interval():
    figures = figures_of(*make_answers())
    assert figures["accuracy_low"] < figures["accuracy"] < figures["accuracy_high"]
    assert figures["accuracy_high"] - figures["accuracy_low"] == pytest.approx(4 * 0.0225, abs=0.02)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_interval_of_all_right_and_of_all_wrong_has_a_width(share):
    probabilities = np.tile(np.float32([share, 1 - share]), (20, 1))
    figures = figures_of(np.zeros(20, np.int64), probabilities)
    assert figures["accuracy"] == share and figures["accuracy_interval"] == "wilson"
    assert figures["accuracy_high"] - figures["accuracy_low"] == pytest.approx(0.161, abs=1e-3)


def test_classes_without_pictures_are_none_and_leave_the_averages_alone():
    labels, probabilities = make_answers(num_classes=4)
    wider = np.concatenate([probabilities, np.zeros((len(labels), 2), np.float32)], axis=1)
    figures, narrow = figures_of(labels, wider), figures_of(labels, probabilities)
    absent = {"class_name": "class 5", "precision": None, "recall": None, "f1": None, "support": 0}
    assert figures["per_class"][5] == absent
    assert figures["f1_macro"] == narrow["f1_macro"]
    assert figures["auc_macro_ovr"] == narrow["auc_macro_ovr"]


def test_one_class_alone_has_no_area_and_no_nan():
    probabilities = np.float32([[0.9, 0.1], [0.2, 0.8]])
    figures = figures_of(np.array([0, 0]), probabilities)
    assert figures["auc_macro_ovr"] is None
    assert figures["top_3_accuracy"] is None
    json.dumps(figures, allow_nan=False)


def test_keys_are_those_of_the_contract():
    figures = figures_of(*make_answers())
    keys = """accuracy accuracy_low accuracy_high accuracy_interval top_3_accuracy top_5_accuracy precision_macro recall_macro
        f1_macro precision_weighted recall_weighted f1_weighted auc_macro_ovr loss expected_calibration_error num_pictures
        per_class"""
    assert set(figures) == set(keys.split())
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


def test_confusion_matrix_has_true_classes_in_rows():
    labels, probabilities = make_answers()
    expected = sklearn.metrics.confusion_matrix(labels, probabilities.argmax(axis=1))
    assert np.array_equal(confusion_matrix(labels, probabilities), expected)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    probabilities = np.tile(np.float32([0.7, 0.2, 0.1]), (10, 1))
    labels = np.array([0] * 4 + [1] * 6)
    assert figures_of(labels, probabilities)["expected_calibration_error"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("labels", "value", "message"),
    [
        ([], 0.5, "no pictures"),
        ([0, 2], 0.5, "in \\[0, 2\\)"),
        ([0, 1], np.nan, "not finite"),
        ([0], 0.5, "1 pictures"),
    ],
)
def test_answers_that_cannot_be_judged_are_refused(labels, value, message):
    with pytest.raises(DataError, match=message):
        figures_of(np.array(labels, np.int64), np.full((2, 2), value, np.float32))
