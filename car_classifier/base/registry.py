"""Explicit tables from a name to `"module:attribute"`, resolved on demand."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from car_classifier.base.errors import UnknownNameError


def check_name(kind: str, name: str, known: Mapping[str, Any] | list[str]) -> str:
    """Return `name` if it is known.

    Args:
        kind: what the table holds, in the singular ("model"), for the message.

    Raises:
        UnknownNameError: lists the known names and the nearest one.
    """
    if name not in known:
        raise UnknownNameError(kind, name, known)
    return name


def resolve(kind: str, name: str, table: Mapping[str, str]) -> Any:
    """Import and return what `table` names under `name`.

    Raises:
        UnknownNameError: `name` is not in the table.
    """
    return resolve_name(table[check_name(kind, name, table)])
