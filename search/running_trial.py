"""A trial under way, as the coordinator knows it."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from car_classifier.base.errors import UserError
from search.config import SearchConfig
from search.trial import JUDGED, State, Trial


class RunningTrial:
    """Collects what a worker reports of one trial.

    Args:
        trial: as recorded.
        config: names the monitored figure.
        now: clock in seconds.
    """

    def __init__(self, trial: Trial, config: SearchConfig, *, now: Callable[[], float] = time.monotonic):
        self.reason_to_stop = ""
        self.deaths_in_a_row = 0
        self.deepest = 0  # epoch that this process has heard of
        self._recorded = trial
        self._config = config
        self._now = now
        self._since: float | None = None
        self._rows: dict[int, Mapping[str, Any]] = {}

    def start(self) -> Trial:
        """Take note that a worker starts it, which will report all epochs, those of earlier attempts included."""
        self._since, self._rows, self.reason_to_stop = self._now(), {}, ""
        return self._recorded

    def interrupt(self, **changes: Any) -> Trial:
        """Take note that no worker has it any more; return what to record, with `changes`."""
        self._recorded, self._since = replace(self._recorded, seconds=self.seconds, **changes), None
        return self._recorded

    def add(self, row: Mapping[str, Any]) -> bool:
        """Take note of an epoch's figures; return whether the epoch is a new one. Again the same changes nothing.

        Raises:
            UserError: the monitored figure is not among them.
        """
        if self._config.monitor not in row:
            raise UserError(
                f"`monitor` must be one of the figures of an epoch: {', '.join(row)}. Received: {self._config.monitor!r}."
            )
        epoch = row["epoch"]
        self._rows[epoch] = row
        if epoch <= self.deepest:
            return False
        self.deepest, self.deaths_in_a_row = epoch, 0
        return True

    @property
    def seconds(self) -> float:
        """Of all attempts so far."""
        return self._recorded.seconds + (0.0 if self._since is None else self._now() - self._since)

    def trial(self, state: State = "running", reason: str = "") -> Trial:
        """Return what is known of the trial, in `state`.

        Only completed and pruned trials have a value; a completed one of which no epoch had a finite figure has failed.
        """
        epochs = sorted(self._rows)
        losses = tuple(self._loss(self._rows[epoch]) for epoch in epochs)
        head_epochs = sum(self._rows[epoch].get("phase") == "head" for epoch in epochs)
        trial = replace(self._recorded, losses=losses, head_epochs=head_epochs, seconds=self.seconds)
        if state not in JUDGED:
            return replace(trial, state=state, reason=reason)
        best = min((loss for loss in losses if loss is not None), default=None)
        if best is None:
            return replace(trial, state="failed", reason=f"no epoch had a finite {self._config.monitor}")
        best_epoch = epochs[losses.index(best)]
        return replace(
            trial, state=state, reason=reason, value=self._config.loss(best), loss=best, best_epoch=best_epoch,
            figures=_figures(self._rows[best_epoch]),
        )

    def _loss(self, row: Mapping[str, Any]) -> float | None:
        value = row[self._config.monitor]
        return self._config.loss(value) if value is not None and math.isfinite(value) else None


def _figures(row: Mapping[str, Any]) -> dict[str, float]:
    return {
        name: float(value) for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and name != "epoch"
    }
