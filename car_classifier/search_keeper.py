"""Keeps what others read up to date while a search runs: best.json and the mirror."""

from collections.abc import Callable
from typing import Any

from search.observer import SearchObserver
from search.trial import Trial


class SearchKeeper(SearchObserver):
    """Hands on all trials whenever one of them has changed, and everything else to the screen.

    Args:
        screen: shows the search.
        changed: called with all trials, by number, after every change.
        finished: called with all trials, by number, when one has finished.
    """

    def __init__(self, screen: SearchObserver, *, changed: Callable[[list[Trial]], None],
                 finished: Callable[[list[Trial]], None]):
        self._screen, self._changed, self._finished = screen, changed, finished
        self._trials: dict[int, Trial] = {}

    def recorded(self, trials: list[Trial]) -> None:
        """Take over what an earlier session has left."""
        self._trials = {trial.number: trial for trial in trials}
        self._screen.recorded(trials)
        self._changed(self._in_order())

    def prepared(self, content: dict[str, Any]) -> None:
        """Hand on."""
        self._screen.prepared(content)

    def suggested(self, trial: Trial, seconds: float) -> None:
        """Hand on."""
        self._screen.suggested(trial, seconds)

    def trial_started(self, trial: Trial) -> None:
        """A trial runs."""
        self._change(trial)
        self._screen.trial_started(trial)

    def epoch(self, trial: Trial, row: dict[str, Any]) -> None:
        """A trial is an epoch further."""
        self._change(trial)
        self._screen.epoch(trial, row)

    def trial_finished(self, trial: Trial) -> None:
        """A trial has ended."""
        self._change(trial)
        self._finished(self._in_order())
        self._screen.trial_finished(trial)

    def worker_replaced(self, reason: str) -> None:
        """Hand on."""
        self._screen.worker_replaced(reason)

    def _change(self, trial: Trial) -> None:
        self._trials[trial.number] = trial
        self._changed(self._in_order())

    def _in_order(self) -> list[Trial]:
        return [self._trials[number] for number in sorted(self._trials)]
