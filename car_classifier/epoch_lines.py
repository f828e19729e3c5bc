"""A line per epoch on the terminal, under it a bar while the epoch runs."""

import time
from typing import Any

import keras
from rich.console import Console

from car_classifier.base.counts import describe_count
from car_classifier.forecast import Forecast
from car_classifier.screen import LOG, CountBar, describe_duration


class EpochLines(keras.callbacks.Callback):
    """One line per epoch, under it a bar while the epoch runs; the time left is that of the whole training.

    Args:
        console: where to print.
        forecast: knows how long the rest takes; it learns from every epoch.
    """

    def __init__(self, console: Console, forecast: Forecast):
        super().__init__()
        self._console, self._forecast = console, forecast

    def on_train_begin(self, logs=None):
        """Say which phase starts, and how long all will take unless it ends early."""
        phase, num_batches = self.params["phase"], self.params["num_batches"]
        self._forecast.learn_batch(phase, self.params["seconds_per_batch"], num_batches=num_batches)
        per_epoch = describe_duration(self.params["seconds_per_batch"] * num_batches)
        left = describe_duration(self._forecast.left(phase, self.params["epochs_done"]))
        validation = "" if phase.is_refit else " and validation"
        plan = (
            f"at most {describe_count(phase.epochs, 'epoch')} of about {per_epoch}{validation}; about {left} left in all; "
            f"rate {phase.learning_rate:g}, schedule {phase.schedule}"
            + (f"; {self.params['note']}" if self.params["note"] else "")
        )
        LOG.info("Phase %s, %d epochs done: %s", phase.name, self.params["epochs_done"], plan)
        self._console.print(f"\n[bold]Phase {phase.name}[/bold]: {plan}")
        self._done = self.params["epochs_done"]

    def on_epoch_begin(self, epoch, logs=None):
        """Start the bar."""
        phase = self.params["phase"]
        self._bar = CountBar(self._console, f"{phase.name} {self._done + 1}/{phase.epochs}")
        self._drawn = 0.0

    def on_train_batch_end(self, batch, logs=None):
        """Move the bar, ten times a second at most."""
        now = time.monotonic()
        if now - self._drawn > 0.1 or batch + 1 == self.params["num_batches"]:
            self._bar(batch + 1, self.params["num_batches"])
            self._drawn = now

    def on_epoch_end(self, epoch, logs=None):
        """Replace the bar by the epoch's line."""
        self._bar.close()
        self._done += 1
        phase = self.params["phase"]
        if self._done > self.params["epochs_done"] + 1:  # in the first one validation was compiled
            self._forecast.learn_epoch(phase, logs["seconds"])
        left = describe_duration(self._forecast.left(phase, self._done))
        name, parts = f"{phase.name} {self._done:>3}/{phase.epochs}", _parts(logs)
        LOG.info("  ".join([name, *parts.values()]))
        line = _fitting(name, parts, width=self._console.width - len(f"  ~ {left} left"))
        self._console.print(f"{line}  [dim]~ {left} left[/dim]", soft_wrap=True)

    def on_train_end(self, logs=None):
        """Say why the phase ended early, and which epoch's weights go on."""
        phase, monitor, best = self.params["phase"], self.params["monitor"], logs["best"]
        if self._done < phase.epochs:
            self._say(f"Stopped: no better {monitor} for {describe_count(self.params['patience'], 'epoch')} "
                      "(--set training.early_stopping_patience=…)")
        if best is not None and not phase.is_refit:
            kept = "" if best["phase"] == phase.name else f"; phase {phase.name} brought nothing better"
            self._say(f"Best by {monitor}: epoch {best['epoch']} of all, in phase {best['phase']}{kept}")

    def _say(self, text: str) -> None:
        LOG.info(text)
        self._console.print(text, markup=False)


def _parts(row: dict[str, Any]) -> dict[str, str]:
    parts = {"train": f"loss {row['loss']:.3f} acc {100 * row['accuracy']:4.1f} %"}
    if row.get("val_loss") is not None:
        parts["validation"] = f"│ val {row['val_loss']:.3f} acc {100 * row['val_accuracy']:4.1f} %"
    if row.get("val_top_3_accuracy") is not None:
        parts["top-3"] = f"top-3 {100 * row['val_top_3_accuracy']:4.1f} %"
    parts["rate"] = f"rate {row['learning_rate']:.0e}"
    parts["seconds"] = f"{row['seconds']:5.1f} s"
    return parts | {"wait": f"data wait {100 * row['data_wait']:2.0f} %"}


def _fitting(name: str, parts: dict[str, str], *, width: int) -> str:
    """Return the line, in a narrow terminal without what can best be missed; all of it stands in history.csv."""
    parts = dict(parts)
    for least in ("wait", "rate", "top-3", "seconds"):
        if len("  ".join([name, *parts.values()])) > width:
            parts.pop(least, None)
    return "  ".join([name, *parts.values()])
