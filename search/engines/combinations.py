"""All combinations of a space, one after the other."""

from collections.abc import Iterator
from typing import Any

from search.space import Space


def combinations(space: Space, *, steps: int) -> Iterator[dict[str, Any]]:
    """Yield every combination once, in a fixed order; the last dimension changes fastest.

    Args:
        steps: most values taken of each dimension, from end to end; a range that has no more is taken whole.
    """
    grids = {name: dimension.grid(steps) for name, dimension in space.dimensions.items()}

    def extend(values: dict[str, Any], names: list[str]) -> Iterator[dict[str, Any]]:
        if not names:
            yield values
        elif not space.is_active(names[0], values):
            yield from extend(values, names[1:])
        else:
            for value in grids[names[0]]:
                yield from extend({**values, names[0]: value}, names[1:])

    return extend({}, list(space.dimensions))
