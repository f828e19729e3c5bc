"""Checks of layer arguments, with errors that say what was expected and what was received."""

from collections.abc import Sequence
from typing import Any


def check_positive_integer(name: str, value: Any) -> int:
    """Return `value` if it is an integer of at least 1.

    Raises:
        ValueError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"`{name}` must be a positive integer. Received: {value!r}.")
    return value


def check_choice(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return `value` if it is one of `choices`.

    Raises:
        ValueError: it is not; the message lists the choices.
    """
    if value not in choices:
        raise ValueError(f"`{name}` must be one of {', '.join(map(repr, choices))}. Received: {value!r}.")
    return value
