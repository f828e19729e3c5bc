"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a finding is to be taken: all good, worth a look, or to be fixed before the program can work."""

    good = "good"
    warning = "warning"
    problem = "problem"


@dataclass(frozen=True)
class Finding:
    """One line of `doctor`.

    Args:
        title: what was looked at, in a word or two.
        mark: how it is to be taken.
        text: what was found, on one line.
        fix: what to do about it, on one line; "" when there is nothing to do.
    """

    title: str
    mark: Mark
    text: str
    fix: str = ""
