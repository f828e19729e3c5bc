"""What a report shows of an evaluation."""

import numpy as np
import pytest

from results.answers import answers_from_probabilities, read_answers
from results.mistakes import confident_mistakes, confused_pairs, doubtful_pictures, suspected_labels
from results.selection import select_pictures, without_duplicates
from results.tables import write_predictions

NAMES = ("heron", "egret", "crane")


def answers_of(rows, labels):
    files = [f"{number}.jpg" for number in range(len(rows))]
    return answers_from_probabilities(files, np.array(labels), np.array(rows, np.float32), NAMES)


@pytest.fixture
def answers():
    rows = [[0.9, 0.1, 0], [0.2, 0.8, 0], [0.3, 0.7, 0], [0.55, 0.45, 0], [0, 0.1, 0.9], [0.96, 0.02, 0.02]]
    return answers_of(rows, [0, 0, 0, 1, 2, 2])


def test_pairs_count_both_ways_and_show_the_surest_mistakes_of_both(answers):
    first, second = confused_pairs(answers)
    assert (first.first, first.second, first.count, first.back, first.totals) == (0, 1, 2, 1, (3, 1))
    assert first.mistakes == (1, 2, 3)
    assert (second.first, second.second, second.mistakes) == (2, 0, (5,))


def test_mistakes_come_surest_first_and_doubts_closest_first(answers):
    assert confident_mistakes(answers) == [5, 1, 2, 3]
    assert doubtful_pictures(answers, 2) == [3, 2]


def test_label_is_suspected_where_another_class_is_as_sure_as_usual():
    rows = [[0.9, 0.1, 0], [0.8, 0.2, 0], [0.1, 0.9, 0], [0.95, 0.05, 0], [0.6, 0.4, 0]]
    assert suspected_labels(answers_of(rows, [0, 0, 1, 1, 1])) == [3]


def test_a_model_without_mistakes_suspects_nothing():
    assert suspected_labels(answers_of([[0.6, 0.4, 0], [0.4, 0.6, 0]], [0, 1])) == []


def test_suspects_of_validation_are_shown_with_those_of_test(answers):
    rows = [[0.9, 0.1, 0], [0.8, 0.2, 0], [0.1, 0.9, 0], [0.95, 0.05, 0], [0.6, 0.4, 0]]
    validation = answers_of(rows, [0, 0, 1, 1, 1])
    selection = select_pictures(answers, "test", validation=validation, duplicates=[])
    assert selection.num_suspected == {"test": (len(suspected_labels(answers)), 6), "validation": (1, 5)}
    assert any(group is validation and index == 3 for group, index in selection.suspects)
    assert any(group is answers for group, _ in selection.suspects)


def test_doubles_in_another_split_are_left_out(answers):
    groups = [
        {"files": ["0.jpg", "a.jpg"], "splits": ["test", "train"], "classes": ["heron", "heron"], "kind": "same"},
        {"files": ["1.jpg", "2.jpg"], "splits": ["test", "test"], "classes": ["heron", "heron"], "kind": "same"},
    ]
    selection = select_pictures(answers, "test", validation=None, duplicates=groups)
    assert without_duplicates(answers, "test", selection.duplicates).tolist() == [False, True, True, True, True, True]


def test_predictions_read_back_as_they_were_written(tmp_path, answers):
    rows = np.array([[0.2, 0.8, 0], [0.3, 0.3, 0.4]], np.float32)
    write_predictions(tmp_path / "p.csv", ["a.jpg", "b.jpg"], labels=np.array([1, 0]), probabilities=rows, class_names=NAMES)
    read, made = read_answers(tmp_path / "p.csv", NAMES), answers_of(rows, [1, 0])
    assert read.files == ("a.jpg", "b.jpg") and read.is_right.tolist() == [True, False]
    np.testing.assert_array_equal(read.classes, made.classes)
    np.testing.assert_array_equal(read.probabilities.astype(np.float32), made.probabilities.astype(np.float32))
