"""Ranges as people write them: `--range name=range`, and the file of `--space`."""

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from car_classifier.base.errors import DataError, UserError
from search.dimensions.categorical import Categorical
from search.dimensions.dimension import Dimension
from search.dimensions.float_range import FloatRange
from search.dimensions.int_range import IntRange

EXPECTED = "Expected low:high, low:high:log, or choices with | between them, such as 1e-5:1e-2:log, 1:8 or adam|sgd."
WHOLE = re.compile(r"[+-]?\d+")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)  # Python's own would take NaN for a number


def parse_ranges(texts: Iterable[str]) -> dict[str, Dimension]:
    """Read what all `--range` options give.

    Raises:
        UserError: one is no range, or two are for the same name.
    """
    ranges: dict[str, Dimension] = {}
    for name, dimension in map(parse_range, texts):
        if name in ranges:
            raise UserError(f"{name} is given two ranges: {ranges[name].describe()} and {dimension.describe()}. Keep one.")
        ranges[name] = dimension
    return ranges


def parse_range(text: str) -> tuple[str, Dimension]:
    """Read `name=range`, as `--range` takes it.

    Returns:
        The name, unchecked, and the dimension.

    Raises:
        UserError: it is no range; the message says how one looks.
    """
    name, sign, described = text.partition("=")
    if not sign or not name.strip():
        raise UserError(f"A range needs a name: name=range. Received: {text!r}.\n{EXPECTED}")
    return name.strip(), parse_dimension(name.strip(), described)


def parse_dimension(name: str, described: str, *, when: dict[str, Any] | None = None) -> Dimension:
    """Read a range.

    Args:
        name: of the dimension, for the message.
        described: `low:high` or `low:high:log` (of whole numbers where both ends are written without point and exponent), or
            choices with "|" between them, each JSON where it can be read as such, else a text. One choice alone is allowed.
        when: its condition.

    Raises:
        UserError: it is no range; the message says how one looks.
    """
    try:
        if ":" in described and "|" not in described and not described.strip().startswith(("[", '"')):
            return _numbers(described.split(":"), when or {})
        return Categorical(choices=_choices(described), when=when or {})
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
    except ValueError as error:
        reason = str(error)
    raise UserError(f"{name}: {described!r} is no range: {reason}.\n{EXPECTED}")


def _numbers(parts: list[str], when: dict[str, Any]) -> Dimension:
    low, high = parts[0].strip(), parts[1].strip()
    if len(parts) > 3 or (len(parts) == 3 and parts[2].strip() != "log"):
        raise ValueError("after both ends only :log may follow")
    try:
        if WHOLE.fullmatch(low) and WHOLE.fullmatch(high):
            return IntRange(low=int(low), high=int(high), log=len(parts) == 3, when=when)
        return FloatRange(low=float(low), high=float(high), log=len(parts) == 3, when=when)
    except ValidationError:
        raise
    except ValueError as error:
        raise ValueError("its ends must be numbers") from error


def _choices(described: str) -> list[Any]:
    choices, rest = [], described.strip()
    while True:
        choice, rest = _first_choice(rest)
        choices.append(choice)
        if not rest:
            return choices
        rest = rest[1:].strip()


def _first_choice(text: str) -> tuple[Any, str]:
    """Split the first choice off; what is left is empty or begins with "|", which may also stand inside JSON."""
    try:
        choice, end = _DECODER.raw_decode(text)
        rest = text[end:].strip()
        if not rest or rest.startswith("|"):
            return choice, rest
    except ValueError:  # it is a text
        pass
    choice, bar, rest = text.partition("|")
    if not choice.strip():
        raise ValueError('a choice is empty; write "" for an empty text')
    return choice.strip(), bar + rest


def read_space_file(path: Path) -> dict[str, Dimension]:
    """Read the file of `--space`: JSON or TOML (by its ending), dotted name to range.

    A range is a text as `--range` takes it, or an object with `range` and `when` (name to the values under which the
    dimension counts). In TOML a dotted name may also be written as a table.

    Raises:
        DataError: the file is missing, or neither JSON nor TOML.
        UserError: an entry is no range; the message names file and entry.
    """
    dimensions: dict[str, Dimension] = {}
    for name, entry in _entries(_content(path)).items():
        try:
            dimensions[name] = _dimension(name, entry)
        except UserError as error:
            raise UserError(f"{path}: {error}") from error
    if not dimensions:
        raise UserError(f'{path} names no range. Expected entries such as "training.learning_rate": "1e-5:1e-2:log".')
    return dimensions


def _content(path: Path) -> dict[str, Any]:
    if path.suffix not in (".json", ".toml"):
        raise UserError(f"{path}: a file of ranges must end in .json or .toml.")
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise DataError(f"{path} is no {path.suffix[1:].upper()}: {error}.") from error
    if not isinstance(content, dict):
        raise DataError(f"{path} must hold an object of names and ranges. Received: {type(content).__name__}.")
    return content


def _entries(content: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the entries by dotted name; tables within tables are parts of the name."""
    entries: dict[str, Any] = {}
    for key, entry in content.items():
        if isinstance(entry, dict) and "range" not in entry:
            entries.update(_entries(entry, f"{prefix}{key}."))
        else:
            entries[prefix + key] = entry
    return entries


def _dimension(name: str, entry: Any) -> Dimension:
    if isinstance(entry, str):
        return parse_dimension(name, entry)
    if isinstance(entry, dict) and set(entry) <= {"range", "when"} and isinstance(entry["range"], str):
        when = entry.get("when", {})
        if isinstance(when, dict) and all(isinstance(values, list) and values for values in when.values()):
            return parse_dimension(name, entry["range"], when=when)
    expected = 'a range in quotation marks, or {"range": …, "when": {name: [values]}}'
    raise UserError(f"{name}: expected {expected}. Received: {entry!r}.")
