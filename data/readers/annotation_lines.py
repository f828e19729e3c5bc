"""Text files of annotations with a line per picture or class, each beginning with its number."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from car_classifier.base.errors import DataError
from data.faults import Fault
from data.readers.bad_entry import BadEntry

Value = TypeVar("Value")


@dataclass(frozen=True)
class Line:
    """What an annotation file says of one picture or class.

    Args:
        where: file and number of the line, for messages.
        value: what follows the first word, without blanks at its ends.
    """

    where: str
    value: str


def read_lines(path: Path) -> list[Line]:
    """Return the lines of a file that are not empty.

    Raises:
        DataError: the file cannot be read, or is no text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8. Fetch it again.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    lines = enumerate(text.split("\n"), start=1)
    return [Line(f"{path}, line {number}", line.strip()) for number, line in lines if line.strip()]


def read_keyed(path: Path) -> tuple[dict[str, Line], list[Fault]]:
    """Return the rest of each line by its first word, and a fault for each line that cannot be used.

    Raises:
        DataError: the file cannot be read, or is no text.
    """
    return _keyed(read_lines(path))


def _keyed(lines: Sequence[Line]) -> tuple[dict[str, Line], list[Fault]]:
    found: dict[str, Line] = {}
    faults = []
    for line in lines:
        key, _, value = line.value.partition(" ")
        problem = None
        if not value:
            problem = f"Expected a number and what belongs to it. Received: {line.value[:80]!r}."
        elif key in found:
            problem = f"{key} stands in {found[key].where} already. The first line counts."
        if problem is None:
            found[key] = Line(line.where, value.strip())
        else:
            faults.append(Fault("annotation_malformed", line.where, problem, "left_out"))
    return found, faults


def read_class_names(path: Path, readable: Callable[[str], str]) -> tuple[dict[str, str], list[Fault]]:
    """Return the name of each class by its number, in the order of the lines, and a fault for each second line of a class.

    Args:
        readable: from the name as it stands there to the one that is shown.

    Raises:
        DataError: the file cannot be read, a line holds no number and name, or two classes would be called the same.
    """
    lines = read_lines(path)
    for line in lines:
        number, _, name = line.value.partition(" ")
        if not (name and number.isdecimal()):
            raise DataError(f"{line.where}: expected the number and the name of a class. Received: {line.value[:80]!r}.\n"
                            "Mend the line, or take it out if it is a heading: the class would be lost with all its pictures.")
    keyed, faults = _keyed(lines)
    names = {number: readable(line.value) for number, line in keyed.items()}
    check_different(path, list(names.values()))
    return names, faults


def check_different(path: Path, names: Sequence[str]) -> None:
    """Refuse class names of which two are the same.

    Raises:
        DataError: they are named.
    """
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise DataError(f"{path} names a class more than once: {', '.join(twice)}.")


def parse_line(lines: dict[str, Line], number: str, file: str, parse: Callable[[str], Value]) -> Value:
    """Return what `parse` makes of what `file`, read as `lines`, says of a picture.

    Raises:
        BadEntry: it says nothing, or `parse` refuses it; then that line of `file` is named.
    """
    if number not in lines:
        raise BadEntry("annotation_malformed", f"{file} says nothing of picture {number}.")
    try:
        return parse(lines[number].value)
    except BadEntry as bad:
        raise BadEntry(bad.kind, bad.message, where=lines[number].where) from bad


def unlisted(lines: dict[str, Line], numbers: dict[str, Line], file: str) -> list[Fault]:
    """Return a fault for each line about a picture that `file`, read as `numbers`, does not list."""
    return [
        Fault("annotation_malformed", line.where, f"{file} lists no picture {number}. The line is left out.", "left_out")
        for number, line in lines.items() if number not in numbers
    ]
