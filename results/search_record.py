"""What a search did, as plain data: all that its tables, plots and page are made from."""

import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from results.search_dimension import SearchDimension
from results.search_trial import STATES, SearchTrial


@dataclass(frozen=True)
class SearchRecord:
    """A search, finished or not.

    Args:
        name: of its folder.
        model, data: what was trained on what.
        engine: as the command line takes it, "optuna:tpe".
        seed: of all chance.
        monitor: the figure by which it chose, by its name in history.csv.
        maximise: whether a larger figure is better.
        dimensions: what varied.
        trials: in the order of their numbers.
        default_number: of the trial with the default configuration.
        num_validation: pictures of the validation split; None where it is not known.
        seconds: of wall-clock time, over all sittings.
        interruptions: when each was noticed (ISO 8601), and why, in words.
        command: continues or repeats the search.
        train_command: trains the winner.
    """

    name: str
    model: str
    data: str
    engine: str
    seed: int
    monitor: str
    maximise: bool
    dimensions: tuple[SearchDimension, ...]
    trials: tuple[SearchTrial, ...]
    default_number: int = 0
    num_validation: int | None = None
    seconds: float = 0.0
    interruptions: tuple[tuple[str, str], ...] = ()
    command: str = ""
    train_command: str = ""

    @cached_property
    def best(self) -> SearchTrial | None:
        """The completed trial of the best value, the first of equals; None where none has completed."""
        completed = [trial for trial in self.trials if trial.state == "completed" and self.is_valued(trial)]
        return min(completed, key=lambda trial: self.loss(trial.value), default=None)

    @cached_property
    def default(self) -> SearchTrial | None:
        """The trial with the default configuration, if there was one."""
        return next((trial for trial in self.trials if trial.number == self.default_number), None)

    @cached_property
    def valued(self) -> tuple[SearchTrial, ...]:
        """The trials that can be compared."""
        return tuple(trial for trial in self.trials if self.is_valued(trial))

    @property
    def counts(self) -> dict[str, int]:
        """Number of trials by state, without states that do not occur."""
        found = Counter(trial.state for trial in self.trials)
        return {state: found[state] for state in STATES if found[state]}

    @property
    def seconds_by_state(self) -> dict[str, float]:
        """Wall-clock seconds of the trials by state, added up."""
        return {state: sum(trial.seconds for trial in self.trials if trial.state == state) for state in self.counts}

    @property
    def busy_seconds(self) -> float:
        """Wall-clock seconds in which at least one trial ran: fewer than all added up where trials ran beside each other."""
        if any(trial.start is None for trial in self.trials):
            return sum(trial.seconds for trial in self.trials)
        spans = sorted((trial.start.timestamp(), trial.start.timestamp() + trial.seconds) for trial in self.trials)
        busy, until = 0.0, -math.inf
        for start, end in spans:
            busy += max(0.0, end - max(start, until))
            until = max(until, end)
        return busy

    def is_valued(self, trial: SearchTrial) -> bool:
        """Say whether the trial can be compared with others: it was completed or pruned, and its value is finite."""
        return trial.state in ("completed", "pruned") and trial.value is not None and math.isfinite(trial.value)

    def loss(self, value: float) -> float:
        """Return `value` so that smaller is better."""
        return -value if self.maximise else value

    def ordered(self, names: list[str]) -> "SearchRecord":
        """Return the same record with the dimensions in the order of `names`; those that are not named come last."""
        places = {name: place for place, name in enumerate(names)}
        dimensions = sorted(self.dimensions, key=lambda dimension: places.get(dimension.name, len(places)))
        return replace(self, dimensions=tuple(dimensions))
