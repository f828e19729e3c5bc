"""What a model answered, picture by picture: the content of predictions.csv as arrays."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from car_classifier.base.errors import DataError
from results.tables import NUM_ANSWERS


@dataclass(frozen=True, eq=False)
class Answers:
    """The best five answers to each of N pictures.

    Args:
        files: their names.
        labels: true class, integers [N].
        classes: answers, best first, integers [N, 5]; -1 where there are fewer classes.
        probabilities: of the answers, float64 [N, 5]; 0 where there are fewer classes.
        class_names: C names.
    """

    files: tuple[str, ...]
    labels: np.ndarray
    classes: np.ndarray
    probabilities: np.ndarray
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.files)

    @property
    def is_right(self) -> np.ndarray:
        """Whether the first answer is the true class, booleans [N]."""
        return self.classes[:, 0] == self.labels

    @property
    def of_true_class(self) -> np.ndarray:
        """Probability of the true class, float64 [N]; 0 where it is not among the five answers."""
        return np.where(self.classes == self.labels[:, None], self.probabilities, 0).sum(axis=1)

    @property
    def matrix(self) -> np.ndarray:
        """How many pictures of the row's class were taken for the column's, int64 [C, C]."""
        count = len(self.class_names)
        return np.bincount(self.labels * count + self.classes[:, 0], minlength=count**2).reshape(count, count)


def answers_from_probabilities(
    files: Sequence[Path | str], labels: np.ndarray, probabilities: np.ndarray, class_names: Sequence[str]
) -> Answers:
    """Return the best answers of probabilities float32 [N, C]."""
    count = min(NUM_ANSWERS, len(class_names))
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    missing = ((0, 0), (0, NUM_ANSWERS - count))
    shown = np.take_along_axis(probabilities, best, axis=1).astype(np.float64)
    return Answers(tuple(map(str, files)), np.asarray(labels, np.int64), np.pad(best, missing, constant_values=-1),
                   np.pad(shown, missing), tuple(class_names))


def read_answers(path: Path | str, class_names: Sequence[str]) -> Answers:
    """Read a predictions.csv whose true classes are known.

    Raises:
        DataError: it is missing, damaged, empty or names other classes.
    """
    places = {name: place for place, name in enumerate(class_names)} | {"": -1}
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        numbers = range(1, NUM_ANSWERS + 1)
        labels = np.array([places[row["true_class"]] for row in rows], np.int64)
        classes = np.array([[places[row[f"class_{n}"]] for n in numbers] for row in rows], np.int64)
        shares = np.array([[float(row[f"probability_{n}"] or 0) for n in numbers] for row in rows])
        if not rows or (labels < 0).any():
            raise ValueError("it holds no pictures, or some without a true class")
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged or belongs to other classes: {error}.") from error
    return Answers(tuple(row["file"] for row in rows), labels, classes, shares, tuple(class_names))
