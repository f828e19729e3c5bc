"""Which groups the classes of a model have: those asked for, those that its data tell, or those in the names."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from car_classifier.base.errors import DataError, UserError
from results.car_names import parse_car_name
from results.hierarchy import Hierarchy
from results.joined_hierarchy import SOURCE, join_hierarchies

# Data sets whose class names are known to hold groups. Other data have groups where they tell them, or `--hierarchy` does.
KNOWN_DATA = {"stanford_cars": "cars", "demo": "cars", "cub200": "birds", "CUB_200_2011": "birds"}
KINDS = ("cars", "birds")
_NUMBER = re.compile(r"^\d+\.")

Levels = Mapping[str, Sequence[str]]


def find_hierarchy(
    asked: str | None, *, data: str, class_names: Sequence[str], levels: Levels | None = None
) -> Hierarchy | None:
    """Return the groups of classes, None where there are none.

    Args:
        asked: "cars", "birds", "none", or a CSV file; None: what the data tell, else by the name of the data set, where every
            class name fits; of joined data, so for each source.
        data: name of the data set that a model was trained on.
        class_names: in the order of the probabilities.
        levels: what the data tell: from the name of a level to the group of each class ("" for none), finest first.

    Raises:
        UserError: `asked` is none of these.
        DataError: the names are not built as asked, or the file does not name a group for every class.
    """
    if asked == "none":
        return None
    if asked is None:
        return _join(class_names, levels) if levels and SOURCE in levels else _of_data(data, class_names, levels or {})
    if asked not in KINDS:
        return read_hierarchy(Path(asked), class_names)
    hierarchy, odd = _by_names(asked, class_names)
    if odd:
        raise DataError(
            f"--hierarchy {asked}: {len(odd)} class names are built otherwise: {', '.join(odd[:3])}.\n"
            f"Expected: {'Make Model Type Year' if asked == 'cars' else 'names whose last word is the genus'}. "
            "Or pass a CSV file with the columns class_name and one per level."
        )
    return hierarchy


def _join(class_names: Sequence[str], levels: Levels) -> Hierarchy:
    """The groups of each source, found without its prefix before a class name, side by side."""
    sources, parts = levels[SOURCE], {}
    for source in dict.fromkeys(sources):
        members = [place for place, own in enumerate(sources) if own == source]
        names = [class_names[place].removeprefix(f"{source}: ") for place in members]
        own = {level: [groups[place] for place in members] for level, groups in levels.items() if level != SOURCE}
        parts[source] = _of_data(source, names, {level: groups for level, groups in own.items() if any(groups)})
    return join_hierarchies(sources, parts, class_names)


def _of_data(data: str, class_names: Sequence[str], levels: Levels) -> Hierarchy | None:
    if levels:
        own = {level: _complete(groups, class_names) for level, groups in levels.items()}
        return Hierarchy(own, answers=tuple(own))
    return _by_names(KNOWN_DATA[data], class_names)[0] if data in KNOWN_DATA else None


def _complete(groups: Sequence[str], class_names: Sequence[str]) -> tuple[str, ...]:
    """The groups; a class without one stands for itself, and is marked where it is called like a group of others."""
    alone = {name: f"{name} (class)" if name in groups else name for name in class_names}
    return tuple(group or alone[name] for group, name in zip(groups, class_names, strict=True))


def _by_names(kind: str, class_names: Sequence[str]) -> tuple[Hierarchy | None, list[str]]:
    """The groups in the names, and the names that are built otherwise: with any such there are no groups."""
    return (_cars if kind == "cars" else _birds)(class_names)


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
    """Group "001.Black_footed_Albatross" by its last word; one called "Cardinal" alone is a group of its own."""
    words = [_NUMBER.sub("", name).replace("_", " ").split() for name in class_names]
    if all(len(parts) < 2 for parts in words):
        return None, list(class_names)
    return Hierarchy({"genus": tuple((parts or [name])[-1] for name, parts in zip(class_names, words))}, ("genus",)), []
