"""One annotated picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.readers.bad_entry import BadEntry

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Annotation:
    """What an entry of an annotation file says of a picture.

    Args:
        where: the entry, for messages.
        path: the picture.
        split: "train", "validation" or "test".
        class_name: of the picture.
        box: x_min, y_min, x_max, y_max in pixels; None when the source has none.
        group: what the picture belongs together with; "" for nothing, None when the source has none.
    """

    where: str
    path: Path
    split: str
    class_name: str
    box: Box | None = None
    group: str | None = None


def parse_box(values: Sequence[Any]) -> Box:
    """Return x_min, y_min, x_max, y_max as numbers.

    Raises:
        BadEntry: they are no numbers, or the box has no area to speak of.
    """
    try:
        x_min, y_min, x_max, y_max = (float(value) for value in values)
    except (TypeError, ValueError) as error:
        received = ", ".join(str(value) for value in values)
        raise BadEntry("annotation_malformed", f"Expected four numbers for the box. Received: {received}.") from error
    if not (np.isfinite((x_min, y_min, x_max, y_max)).all() and x_max > x_min and y_max > y_min):
        raise BadEntry(
            "box_without_area",
            f"The box has no area. Expected: x_max > x_min and y_max > y_min. Received: {x_min:g}, {y_min:g}, {x_max:g}, "
            f"{y_max:g}.",
        )
    if x_max - x_min < 1 or y_max - y_min < 1:
        raise BadEntry(
            "box_without_area", f"The box is less than a pixel wide or high. Expected: pixels. Received: {x_min:g}, {y_min:g}, "
            f"{x_max:g}, {y_max:g}.",
        )
    return x_min, y_min, x_max, y_max


def parse_class(value: Any, class_names: Sequence[str]) -> str:
    """Return the name of the class with the number `value`, counted from 1.

    Raises:
        BadEntry: it is no number, or no class has it.
    """
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise BadEntry("annotation_malformed", f"Expected a class number. Received: {value}.") from error
    if number not in range(1, len(class_names) + 1):
        raise BadEntry(
            "label_out_of_range", f"There is no such class. Expected: a number from 1 to {len(class_names)}. Received: {value}."
        )
    return class_names[int(number) - 1]
