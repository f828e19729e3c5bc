"""Many names in a note, of which the first will do."""

from collections.abc import Sequence

_NAMED = 5


def first_names(names: Sequence[str]) -> str:
    """Return up to five names with commas between them, and "…" for the others."""
    return ", ".join([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])])
