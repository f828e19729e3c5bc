"""What `predict` says of one picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from results.sure_answer import Answer
from results.tables import printable


@dataclass(frozen=True)
class Prediction:
    """A picture's classes, or the reason why it has none.

    Args:
        file: the picture.
        classes: names and calibrated probabilities, best first, as many as were asked for.
        members: the classes of the set that holds the true one with the chosen coverage, best first; None where the
            model has no thresholds.
        answer: what is sure enough to be said; None where nothing is, and for an unknown picture.
        unknown: whether the picture is unlike those of the training; None where the model has no thresholds.
        skipped: why the file could not be used; it then has none of the above.
    """

    file: Path
    classes: tuple[tuple[str, float], ...] = ()
    members: tuple[str, ...] | None = None
    answer: Answer | None = None
    unknown: bool | None = None
    skipped: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what stands in the lists of `predict --json`."""
        if self.skipped is not None:
            return {"file": printable(self.file), "reason": self.skipped}
        return {
            "file": printable(self.file),
            "classes": [{"class_name": name, "probability": probability} for name, probability in self.classes],
            "set": None if self.members is None else list(self.members),
            "answer": None if self.answer is None else vars(self.answer),
            "unknown": self.unknown,
        }
