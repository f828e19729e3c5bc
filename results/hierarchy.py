"""Groups of classes, such as the makes of cars: how often at least the group is right, and what to answer when unsure."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.errors import DataError, UserError
from results.car_names import parse_car_name
from results.statistics import accuracy_interval

# Data sets whose class names are known to hold groups. Other data have groups only where `--hierarchy` names them.
KNOWN_DATA = {"stanford_cars": "cars", "demo": "cars"}
KINDS = ("cars", "birds")


@dataclass(frozen=True)
class Hierarchy:
    """Levels of groups above the classes.

    Args:
        levels: name of the level -> name of the group of each class, in the order of the classes.
        answers: the levels that may stand in for a class when a model is unsure, finest first.
    """

    levels: dict[str, tuple[str, ...]]
    answers: tuple[str, ...]

    def group(self, level: str, probabilities: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the names of a level's G groups and their probabilities: sums over their classes.

        Args:
            level: one of `levels`.
            probabilities: [N, C] or [C].

        Returns:
            G names in the order of their first class, and float64 [N, G] or [G].
        """
        names, members = self._members[level]
        return names, np.asarray(probabilities, np.float64) @ members

    @cached_property
    def _members(self) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
        """Per level the names of its groups and which class belongs to which, float64 [C, G]."""
        names = {level: tuple(dict.fromkeys(groups)) for level, groups in self.levels.items()}
        return {level: (names[level], np.array([[group == name for name in names[level]] for group in groups], np.float64))
                for level, groups in self.levels.items()}


def level_figures(
    hierarchy: Hierarchy, labels: np.ndarray, probabilities: np.ndarray, *, seed: int
) -> list[dict[str, Any]]:
    """Return per level `name`, `num_groups`, `accuracy`, `accuracy_low` and `accuracy_high` (95 %).

    The answer at a level is the group of highest probability; it need not be the group of the most probable class.

    Args:
        labels: true class, integers [N], N at least 1.
        probabilities: [N, C].
        seed: of the bootstrap.
    """
    rows = []
    for level, groups in hierarchy.levels.items():
        names, sums = hierarchy.group(level, probabilities)
        truth = np.array([names.index(group) for group in groups])[labels]
        correct = sums.argmax(axis=1) == truth
        low, high, _ = accuracy_interval(correct, seed=seed)
        rows.append({"name": level, "num_groups": len(names), "accuracy": float(correct.mean()),
                     "accuracy_low": low, "accuracy_high": high})
    return rows


def find_hierarchy(asked: str | None, *, data: str, class_names: Sequence[str]) -> Hierarchy | None:
    """Return the groups of classes, None where there are none.

    Args:
        asked: "cars", "birds", "none", or a CSV file; None: by the name of the data set, where every class name fits.
        data: name of the data set that a model was trained on.
        class_names: in the order of the probabilities.

    Raises:
        UserError: `asked` is none of these.
        DataError: the names are not built as asked, or the file does not name a group for every class.
    """
    if asked == "none":
        return None
    kind = KNOWN_DATA.get(data) if asked is None else asked
    if kind is None:
        return None
    if kind not in KINDS:
        return read_hierarchy(Path(kind), class_names)
    hierarchy, odd = (_cars if kind == "cars" else _birds)(class_names)
    if odd and asked is not None:
        raise DataError(
            f"--hierarchy {asked}: {len(odd)} class names are built otherwise: {', '.join(odd[:3])}.\n"
            f"Expected: {'Make Model Type Year' if kind == 'cars' else 'names whose last word is the genus'}. "
            "Or pass a CSV file with the columns class_name and one per level."
        )
    return None if odd else hierarchy


def read_hierarchy(path: Path, class_names: Sequence[str]) -> Hierarchy:
    """Read a CSV file with the column class_name and one column per level, finest first.

    Raises:
        UserError: there is no such file.
        DataError: a class is missing or has no group on a level.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            header, *lines = csv.reader(file)
    except OSError as error:
        raise UserError(f"--hierarchy {path}: {error.strerror}. Expected: {', '.join(KINDS)}, none or a CSV file.") from error
    except (ValueError, csv.Error) as error:
        raise DataError(f"{path} is no CSV file with a line of column names ({error}).") from error
    if len(header) < 2 or header[0] != "class_name":
        raise DataError(f"{path}: expected the columns class_name,level,… Received: {','.join(header)}.")
    rows = {line[0]: line[1:] for line in lines if line}
    wrong = [name for name in class_names if len(rows.get(name, ())) != len(header) - 1 or not all(rows[name])]
    if wrong:
        raise DataError(f"{path} does not give every level of {len(wrong)} classes: {', '.join(wrong[:3])}.")
    levels = {level: tuple(rows[name][place] for name in class_names) for place, level in enumerate(header[1:])}
    return Hierarchy(levels, answers=tuple(levels))


def _cars(class_names: Sequence[str]) -> tuple[Hierarchy | None, list[str]]:
    parsed = {name: parse_car_name(name) for name in class_names}
    odd = [name for name, car in parsed.items() if car is None]
    if odd:
        return None, odd
    cars = [parsed[name] for name in class_names]
    levels = {
        "model": tuple(car.model for car in cars), "make": tuple(car.make for car in cars),
        "type": tuple(car.body for car in cars), "year": tuple(car.year for car in cars),
    }
    return Hierarchy(levels, answers=("model", "make")), []  # that it is from 2012 says little


def _birds(class_names: Sequence[str]) -> tuple[Hierarchy | None, list[str]]:
    """Group "001.Black_footed_Albatross" by its last word."""
    words = [name.replace("_", " ").split() for name in class_names]
    odd = [name for name, parts in zip(class_names, words) if len(parts) < 2]
    return (None, odd) if odd else (Hierarchy({"genus": tuple(parts[-1] for parts in words)}, ("genus",)), [])
