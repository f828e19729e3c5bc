"""Tables that read back as they were written."""

import csv

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from results.metrics import classification_figures
from results.tables import HISTORY_COLUMNS, classification_report, read_history, write_history, write_predictions


def test_history_reads_back_to_the_last_bit(tmp_path):
    row = dict.fromkeys(HISTORY_COLUMNS) | {"epoch": 3, "phase": "head, first", "loss": 0.1 + 0.2, "val_auc": 1 / 3}
    write_history(tmp_path / "history.csv", [row, row | {"epoch": 4, "loss": np.float32(0.1)}])
    assert read_history(tmp_path / "history.csv") == [row, row | {"epoch": 4, "loss": float(np.float32(0.1))}]


def test_history_columns_stand_in_the_order_of_the_contract(tmp_path):
    write_history(tmp_path / "history.csv", [{"loss": 1.0, "epoch": 1, "val_loss": 2.0}])
    header = (tmp_path / "history.csv").read_text().splitlines()[0].split(",")
    metrics = ["loss", "accuracy", "top_3_accuracy", "top_5_accuracy", "precision", "recall", "auc"]
    ends = ["learning_rate", "seconds", "cpu_seconds", "data_wait"]
    assert header == ["epoch", "phase", *metrics, *(f"val_{name}" for name in metrics), *ends]


def test_unknown_column_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no column"):
        write_history(tmp_path / "history.csv", [{"epoch": 1, "los": 1.0}])


@pytest.mark.parametrize("text", ["", "epoch,loss\n1,2\n", ",".join(HISTORY_COLUMNS) + "\n1,head\n"])
def test_damaged_history_is_named(tmp_path, text):
    (tmp_path / "history.csv").write_text(text)
    with pytest.raises(DataError, match="history.csv"):
        read_history(tmp_path / "history.csv")


def test_predictions_list_the_five_best_first(tmp_path):
    probabilities = np.float32([[0.1, 0.3, 0.05, 0.25, 0.2, 0.1]])
    names = ["a", "b, with comma", "c", "d", "e", "f"]
    write_predictions(
        tmp_path / "p.csv", ["1.jpg"], labels=np.array([3]), probabilities=probabilities, class_names=names
    )
    with open(tmp_path / "p.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[f"class_{n}"] for n in range(1, 6)] == ["b, with comma", "d", "e", "a", "f"]
    assert (row["file"], row["true_class"]) == ("1.jpg", "d")
    assert np.float32(row["probability_1"]) == probabilities[0, 1]


def test_predictions_of_few_classes_and_odd_names_leave_fields_empty(tmp_path):
    odd = b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    answers = {"probabilities": np.float32([[0.4, 0.6]]), "class_names": ["a", "b"]}
    write_predictions(tmp_path / "p.csv", [odd], labels=None, **answers)
    with open(tmp_path / "p.csv", newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["file"] == "caf\\udce9.jpg"
    assert (row["true_class"], row["class_2"], row["class_3"], row["probability_5"]) == ("", "a", "", "")


def test_classification_report_has_every_class_and_all_averages():
    probabilities = np.float32([[0.9, 0.1, 0], [0.4, 0.6, 0], [0.8, 0.2, 0]])
    names = ["sedan", "coupe", "never seen"]
    report = classification_report(
        classification_figures(np.array([0, 1, 1]), probabilities, class_names=names, seed=1)
    )
    lines = [line.split() for line in report.splitlines() if line]
    assert lines[1] == ["sedan", "0.5000", "1.0000", "0.6667", "1"]
    assert lines[3] == ["never", "seen", "-", "-", "-", "0"]
    assert lines[4] == ["accuracy", "0.6667", "3"]
    assert [line[0] for line in lines[5:]] == ["macro", "weighted"]
