"""One trial of a search, and what an engine suggests."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, get_args

State = Literal["running", "completed", "pruned", "failed", "infeasible"]
FINISHED = ("completed", "pruned", "failed", "infeasible")
JUDGED = ("completed", "pruned")  # with a value
DEEPEST = 12  # lists and dicts inside one another in values and notes
LARGEST = 2**63  # whole numbers lie below, so that no record can hold one that takes for ever
LONGEST_REASON = 2000  # characters; some libraries print whole arrays into their errors


class NoSuggestion(Enum):
    """What an engine answers when it has nothing to suggest."""

    WAIT = "wait"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True)
class Suggestion:
    """What to try next.

    Args:
        values: dotted setting name to value, plain Python types; exactly the dimensions that are active.
        epochs: train to this epoch and stop there; None: as far as the search's settings say.
        continues: number of the trial whose training goes on; None: a new one.
        note: what the engine wants to find again in the record (built-in types).

    Raises:
        ValueError: a field has another type (a NumPy scalar is one), or lies outside its range.
    """

    values: dict[str, Any]
    epochs: int | None = None
    continues: int | None = None
    note: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_plain("values", self.values, expected=dict)
        _check_plain("note", self.note, expected=dict)
        if self.epochs is not None:
            _check_whole("epochs", self.epochs, lowest=1)
        if self.continues is not None:
            _check_whole("continues", self.continues)


@dataclass(frozen=True)
class Trial:
    """What is known of one trial; the content of its pickle once it has finished.

    A figure that is no finite number is kept as None, and what cannot be printed in `reason` is replaced.

    Args:
        number: from 0, in the order of start; number 0 is the default configuration.
        suggestion: recorded before the trial starts.
        state: running; or completed, pruned (cut off early), failed (with `reason`), infeasible (with `reason`: it
            does not fit into memory, or its values cannot be trained).
        value: the best value of the monitored figure, in its own units; completed and pruned trials have one.
        loss: `value` so that smaller is better (engines see only this).
        losses: loss of each epoch, smaller is better; None where it was no finite number.
        best_epoch: counted from 1.
        figures: of the best epoch, by their names in history.csv.
        reason: why it failed or is infeasible, or was pruned, in words.
        started: time of the first start, ISO 8601 in UTC.
        seconds: of wall-clock time, over all attempts.
        micro_batch_divisor: by which the batch was divided (and its gradients accumulated) to fit into memory.
        deaths: how often a worker died in it.
        head_epochs: how many of `losses`, the first, are of a head that was trained before the main phase.

    Raises:
        ValueError: a field has another type or lies outside its range.
    """

    number: int
    suggestion: Suggestion
    state: State = "running"
    value: float | None = None
    loss: float | None = None
    losses: tuple[float | None, ...] = ()
    best_epoch: int | None = None
    figures: dict[str, float | None] = field(default_factory=dict)
    reason: str = ""
    started: str = ""
    seconds: float = 0.0
    micro_batch_divisor: int = 1
    deaths: int = 0
    head_epochs: int = 0

    def __post_init__(self) -> None:
        for name in ("value", "loss", "seconds"):
            object.__setattr__(self, name, _figure(name, getattr(self, name)))
        object.__setattr__(self, "losses", tuple(_figure("losses", loss) for loss in _listed("losses", self.losses)))
        _check_type("figures", self.figures, dict)
        object.__setattr__(self, "figures", {name: _figure(f"figures.{name}", figure) for name, figure in self.figures.items()})
        _check_type("reason", self.reason, str)
        object.__setattr__(self, "reason", printable(self.reason))
        self._check()

    def _check(self) -> None:
        _check_type("suggestion", self.suggestion, Suggestion)
        for name, lowest in (("number", 0), ("micro_batch_divisor", 1), ("deaths", 0), ("head_epochs", 0)):
            _check_whole(name, getattr(self, name), lowest=lowest)
        if self.best_epoch is not None:
            _check_whole("best_epoch", self.best_epoch, lowest=1)
        if self.suggestion.continues is not None and self.suggestion.continues >= self.number:
            raise ValueError(f"a trial can only continue an earlier one. Received: {self.suggestion.continues}")
        if self.state not in get_args(State):
            raise ValueError(f"`state` must be one of {', '.join(get_args(State))}. Received: {self.state!r}")
        if self.seconds is None or self.seconds < 0:
            raise ValueError(f"`seconds` must be at least 0. Received: {self.seconds!r}")
        if self.state in JUDGED and None in (self.value, self.loss, self.best_epoch):
            raise ValueError(f"a {self.state} trial must have `value`, `loss` and `best_epoch`")
        _check_plain("started", self.started, expected=str)
        _check_plain("figures", self.figures, expected=dict)

    @property
    def values(self) -> dict[str, Any]:
        """The suggested values."""
        return self.suggestion.values

    @property
    def main_losses(self) -> tuple[float | None, ...]:
        """Those of the main phase, which can be compared with other trials' epoch by epoch."""
        return self.losses[self.head_epochs :]

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will be learned of it."""
        return self.state in FINISHED


def _check_type(name: str, value: Any, expected: type) -> None:
    if type(value) is not expected:  # a subclass of float or dict is no built-in type: it could not be read back
        raise ValueError(f"`{name}` must be of type {expected.__name__}. Received: {type(value).__name__}")


def _check_whole(name: str, value: Any, *, lowest: int = 0) -> None:
    _check_type(name, value, int)
    if not lowest <= value < LARGEST:
        raise ValueError(f"`{name}` must be a whole number from {lowest}. Received: {value!r:.40}")


def _check_plain(name: str, value: Any, *, expected: type | None = None, depth: int = 0) -> None:
    """Check that `value` is made of built-in types alone, in the way that JSON could hold it."""
    if expected is not None:
        _check_type(name, value, expected)
    if depth > DEEPEST:
        raise ValueError(f"`{name}` holds more than {DEEPEST} lists inside one another")
    kind = type(value)
    if kind is dict:
        for key, content in value.items():
            _check_plain(f"a key of {name}", key, expected=str)
            _check_plain(name, content, depth=depth + 1)
    elif kind is list:
        for content in value:
            _check_plain(name, content, depth=depth + 1)
    elif kind is str:
        value.encode()  # half a surrogate pair is refused: it could be written to no file
    elif kind is int:
        _check_whole(name, abs(value))
    elif kind is float and not math.isfinite(value):
        raise ValueError(f"`{name}` must hold finite numbers. Received: {value}")
    elif kind not in (float, bool, type(None)):
        raise ValueError(f"`{name}` must hold built-in types. Received: {kind.__module__}.{kind.__name__}")


def _figure(name: str, value: Any) -> float | None:
    """Return a figure as a plain number; None where it is no finite one."""
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"`{name}` must be a number or None. Received: {type(value).__name__}")
    return float(value) if math.isfinite(value) else None


def _listed(name: str, values: Any) -> Iterable[Any]:
    if not isinstance(values, tuple | list):
        raise ValueError(f"`{name}` must be a sequence. Received: {type(values).__name__}")
    return values


def printable(text: str) -> str:
    """Return `text` shortened, without what would move the cursor of a terminal or could be written to no file."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text[:LONGEST_REASON])


def best_trial(trials: Iterable[Trial]) -> Trial | None:
    """Return the completed trial with the smallest loss, the first of equals; None where none has completed."""
    completed = [trial for trial in trials if trial.state == "completed"]
    return min(completed, key=lambda trial: (trial.loss, trial.number), default=None)
