"""What `search` shows while it runs: a line per finished trial, under them the trials that run."""

import time
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from car_classifier.base.counts import describe_count
from car_classifier.screen import LOG, describe_duration
from results.search_words import figure_text
from search.clock import SearchClock
from search.config import SearchConfig
from search.observer import SearchObserver
from search.trial import Trial, best_trial

START_SECONDS = 2  # of a trial, apart from its epochs: building and compiling the model, storing
HEADER = f"{'trial':>6}  {'state':<10} {'value':>9} {'best':>9} {'of':>5} {'epochs':>6} {'took':>7}  left"


class SearchScreen(SearchObserver):
    """Shows a search on the terminal, and writes the same lines to its log.

    Args:
        console: where to print; where it is no terminal, only finished trials are printed.
        config: of the search.
        epochs: most epochs of a trial.
        clock: of the search, by which its hours are counted.
    """

    def __init__(self, console: Console, config: SearchConfig, *, epochs: int, clock: SearchClock):
        self._console, self._config, self._epochs, self._clock = console, config, epochs, clock
        self._trials: dict[int, Trial] = {}
        self._noticed: dict[int, float] = {}  # when a running trial was last heard of, by this process's clock
        self._finished_here: list[Trial] = []
        self._is_announced = False
        self._foretold: float | None = None  # seconds of a trial
        self._live = Live(console=console, get_renderable=self._running, refresh_per_second=1, transient=True)

    def __enter__(self) -> "SearchScreen":
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def recorded(self, trials: list[Trial]) -> None:
        """Say what an earlier session has left."""
        self._trials = {trial.number: trial for trial in trials}
        done = sum(trial.is_finished for trial in trials)
        if trials:
            self._say(f"Going on: {describe_count(done, 'trial')} finished, {len(trials) - done} under way.")

    def prepared(self, content: dict[str, Any]) -> None:
        """Say, when the first worker is ready, what the rest of the search will take at most."""
        if self._is_announced:
            return
        self._is_announced = True
        self._say(self._forecast(content["seconds_per_epoch"]))
        self._say(f"\n{HEADER}")

    def suggested(self, trial: Trial, seconds: float) -> None:
        """Write a suggestion to the log."""
        LOG.info("trial %d (suggested in %.2f s): %s", trial.number, seconds, trial.values)

    def trial_started(self, trial: Trial) -> None:
        """Show that a trial runs."""
        if trial.micro_batch_divisor > 1:
            self._say(f"{trial.number:>6}  out of memory; again, 1/{trial.micro_batch_divisor} of the batch at a time")
        self._notice(trial)

    def epoch(self, trial: Trial, row: dict[str, Any]) -> None:
        """Show how far a trial is."""
        self._notice(trial)

    def trial_finished(self, trial: Trial) -> None:
        """Print the trial's line."""
        self._trials[trial.number] = trial
        self._finished_here.append(trial)
        best = best_trial(self._trials.values())
        line = self._line(trial, trial.value, epochs=str(len(trial.losses)), seconds=trial.seconds)
        is_best = best is not None and best.number == trial.number
        self._say(line, style="bold green" if is_best else "dim" if trial.state != "completed" else "")
        if trial.state in ("failed", "infeasible"):
            self._say(f"{'':>8}{trial.reason.splitlines()[0]}", style="yellow")

    def worker_replaced(self, reason: str) -> None:
        """Say so."""
        self._say(f"{'':>8}A worker is replaced: {reason}.", style="yellow")

    def _forecast(self, seconds: float | None) -> str:
        if seconds is None:
            return "What an epoch of the default configuration takes could not be measured: memory ran out."
        self._foretold = seconds * self._epochs + START_SECONDS
        text = f"An epoch of the default configuration takes {seconds:.2g} s"
        left = self._num_left()
        if left is not None:
            most = self._foretold * left / self._config.workers
            trials = f"{describe_count(left, 'trial')} of {describe_count(self._epochs, 'epoch')}"
            text += f", so {trials} take about {describe_duration(most)}"
        return f"{text}; trials that are cut off or stop improving take less, others may take more."

    def _notice(self, trial: Trial) -> None:
        self._noticed[trial.number] = time.monotonic()
        self._trials[trial.number] = trial

    def _running(self) -> Text:
        """Return the lines of the trials that run, in the columns of those that have finished."""
        now, lines = time.monotonic(), []
        for number, trial in list(self._trials.items()):
            if number in self._noticed and not trial.is_finished:
                loss = min((loss for loss in trial.losses if loss is not None), default=None)
                value = None if loss is None else self._config.loss(loss)
                epochs = f"{len(trial.main_losses)}/{trial.suggestion.epochs or self._epochs}"
                lines.append(self._line(trial, value, epochs=epochs, seconds=trial.seconds + now - self._noticed[number]))
        return Text("\n".join(lines), style="cyan", no_wrap=True)

    def _line(self, trial: Trial, value: float | None, *, epochs: str, seconds: float) -> str:
        best = best_trial(list(self._trials.values()))
        return (
            f"{trial.number:>6}  {trial.state:<10} {figure_text(self._config.monitor, value):>9} "
            f"{figure_text(self._config.monitor, best and best.value):>9} {f'#{best.number}' if best else '':>5} "
            f"{epochs:>6} {describe_duration(seconds):>7}  {self._time_left()}"
        ).rstrip()

    def _say(self, line: str, style: str = "") -> None:
        LOG.info(line.strip())
        self._console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)

    def _num_left(self) -> int | None:
        most = self._config.most_trials
        return None if most is None else max(0, most - sum(trial.is_finished for trial in self._trials.values()))

    def _time_left(self) -> str:
        """Say when the search will be over: by its trials, at the speed of those that this process has seen, or its hours."""
        ends, left, each = [], self._num_left(), self._foretold
        if self._finished_here:
            each = sum(trial.seconds for trial in self._finished_here) / len(self._finished_here)
        if left is not None and each is not None:
            ends.append(each * left / self._config.workers)
        if self._config.hours is not None:
            ends.append(3600 * self._config.hours - self._clock.seconds)
        return f"~ {describe_duration(min(ends))}" if ends and min(ends) > 0 else ""
