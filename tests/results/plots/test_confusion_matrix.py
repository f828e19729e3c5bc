"""Confusion matrices of few and of many classes."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from results.plots import confusion_matrix
from results.plots.confusion_matrix import plot_confusion_matrix

ABOUT = "test pictures of demo"


def make_matrix(num_classes, *, seed=0):
    matrix = np.random.default_rng(seed).poisson(0.2, (num_classes, num_classes))
    return matrix + 20 * np.eye(num_classes, dtype=int)


def drawn(matrix, monkeypatch):
    """The figure of a confusion matrix of classes c0, c1, …"""
    figures = []
    monkeypatch.setattr(confusion_matrix, "save_figure", lambda figure, path: figures.append(figure))
    plot_confusion_matrix(matrix, [f"c{place}" for place in range(len(matrix))], "matrix.png", about=ABOUT)
    return figures[0]


@pytest.mark.parametrize("num_classes", [2, 7, 30])
def test_the_colours_of_few_and_many_classes_are_explained(num_classes, monkeypatch):
    axes = drawn(make_matrix(num_classes), monkeypatch).axes
    words = {one.get_xlabel() or one.get_ylabel() for one in axes}
    assert {"right: share of the true class", "mistakes: share of the true class"} <= words


def test_a_frame_encloses_its_cell_and_no_other(monkeypatch):
    matrix = 9 * np.eye(40, dtype=int)
    matrix[3, 5] = 4
    axes = drawn(matrix, monkeypatch).axes[0]
    (frame,) = axes.patches
    names = [text.get_text() for text in axes.get_xticklabels()]
    assert frame.get_bbox().bounds == (names.index("c5") - 0.5, names.index("c3") - 0.5, 1, 1)


def side_of(matrix, monkeypatch):
    """Title and lines at the side of a large matrix."""
    side = drawn(matrix, monkeypatch).axes[1]
    return side.get_title("left"), [text.get_text() for text in side.texts]


def test_a_class_answered_for_many_others_is_named_once(monkeypatch):
    matrix = np.eye(40, dtype=int)
    matrix[10:30, 7], matrix[2, 3], matrix[3, 2], matrix[7, 12] = 4, 3, 2, 1
    title, lines = side_of(matrix, monkeypatch)
    assert title == "Most confused: true → answered"
    assert sorted(lines) == ["1 of 2  c7\n→ c12  (back 4 of 5)", "3 of 4  c2\n→ c3  (back 2 of 3)",
                             "80 of 100  20 classes, over a third of each\n→ c7"]


@pytest.mark.parametrize(("single", "expected"), [(20, 20), (21, 0)])
def test_pairs_confused_once_are_named_where_all_have_room(single, expected, monkeypatch):
    matrix = 9 * np.eye(50, dtype=int)
    matrix[range(single), range(1, single + 1)] = 1
    title, lines = side_of(matrix, monkeypatch)
    assert len(lines) == expected and (title == "No pair confused twice") == (not expected)


@pytest.mark.parametrize("num_classes", [2, 3, 20, 21, 196])
def test_any_number_of_classes_gives_a_picture(tmp_path, num_classes):
    names = [f"A long name that goes on and on, number {index}" for index in range(num_classes)]
    plot_confusion_matrix(make_matrix(num_classes), names, tmp_path / "matrix.png", about=ABOUT)
    with Image.open(tmp_path / "matrix.png") as picture:
        assert picture.format == "PNG"
        assert 500 < picture.width < 2400


@pytest.mark.parametrize("num_classes", [4, 30])
def test_perfect_answers_and_classes_without_pictures_are_drawn(tmp_path, num_classes):
    matrix = np.diag([0] + [5] * (num_classes - 1))
    plot_confusion_matrix(matrix, [str(index) for index in range(num_classes)], tmp_path / "matrix.png", about=ABOUT)
    assert (tmp_path / "matrix.png").exists()


@pytest.mark.parametrize("num_classes", [3, 30])
def test_names_are_shown_as_they_are(tmp_path, num_classes):
    names = ["$x", r"$\frac{", "轿车", "", *map(str, range(num_classes))][:num_classes]
    plot_confusion_matrix(make_matrix(num_classes), names, tmp_path / "matrix.png", about=ABOUT)
    assert (tmp_path / "matrix.png").exists()


def test_same_counts_give_the_same_file(tmp_path):
    for name in ("first.png", "second.png"):
        plot_confusion_matrix(make_matrix(3), ["a", "b", "c"], tmp_path / name, about=ABOUT)
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()


def test_matrix_of_another_size_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\[2, 2\]"):
        plot_confusion_matrix(np.eye(3), ["a", "b"], tmp_path / "matrix.png", about=ABOUT)


def test_pyplot_is_never_loaded():
    modules = "results.plots.confusion_matrix, results.plots.history, results.plots.reliability"
    code = f"import sys, {modules}; print('matplotlib.pyplot' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert answer.stdout.strip() == "False"
