"""What `search` shows while it runs: a line per finished trial, under them the trials that run."""

from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from car_classifier.screen import LOG, describe_duration
from results.search_words import figure_text
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
    """

    def __init__(self, console: Console, config: SearchConfig, *, epochs: int):
        self._console, self._config, self._epochs = console, config, epochs
        self._trials: dict[int, Trial] = {}
        self._finished_here: list[Trial] = []
        self._is_announced = False
        self._live = Live(console=console, auto_refresh=False, transient=True)

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
            self._say(f"Going on: {done} trials are finished, {len(trials) - done} under way.")

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
        self._show(trial)

    def epoch(self, trial: Trial, row: dict[str, Any]) -> None:
        """Show how far a trial is."""
        self._show(trial)

    def trial_finished(self, trial: Trial) -> None:
        """Print the trial's line."""
        self._trials[trial.number] = trial
        self._finished_here.append(trial)
        best = best_trial(self._trials.values())
        value = figure_text(self._config.monitor, trial.value) if trial.value is not None else "–"
        line = (
            f"{trial.number:>6}  {trial.state:<10} {value:>9} "
            f"{figure_text(self._config.monitor, best.value) if best else '–':>9} {f'#{best.number}' if best else '':>5} "
            f"{len(trial.losses):>6} {describe_duration(trial.seconds):>7}  {self._time_left()}"
        )
        is_best = best is not None and best.number == trial.number
        self._say(line, style="bold green" if is_best else "dim" if trial.state != "completed" else "")
        if trial.state in ("failed", "infeasible"):
            self._say(f"{'':>8}{trial.reason.splitlines()[0]}", style="yellow")
        self._show(None)

    def worker_replaced(self, reason: str) -> None:
        """Say so."""
        self._say(f"{'':>8}A worker is replaced: {reason}.", style="yellow")

    def _forecast(self, seconds: float | None) -> str:
        if seconds is None:
            return "What an epoch of the default configuration takes could not be measured: memory ran out."
        text = f"An epoch of the default configuration takes {seconds:.2g} s"
        left = self._num_left()
        if left is not None:
            most = (seconds * self._epochs + START_SECONDS) * left / self._config.workers
            text += f", so {left} trials of {self._epochs} epochs take about {describe_duration(most)}"
        return f"{text}; trials that are cut off or stop improving take less, others may take more."

    def _show(self, trial: Trial | None) -> None:
        if trial is not None:
            self._trials[trial.number] = trial
        if not self._console.is_terminal:
            return
        table = Table.grid(padding=(0, 2))
        for running in (trial for trial in self._trials.values() if not trial.is_finished):
            best = min((loss for loss in running.losses if loss is not None), default=None)
            value = figure_text(self._config.monitor, self._config.loss(best)) if best is not None else "–"
            most = running.suggestion.epochs or self._epochs
            table.add_row(f"{running.number:>6}", "running", f"epoch {len(running.main_losses)}/{most}", f"best {value}")
        self._live.update(table, refresh=True)

    def _say(self, line: str, style: str = "") -> None:
        LOG.info(line.strip())
        self._console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)

    def _num_left(self) -> int | None:
        most = self._config.most_trials
        return None if most is None else max(0, most - sum(trial.is_finished for trial in self._trials.values()))

    def _time_left(self) -> str:
        left = self._num_left()
        if not left:
            return ""
        mean = sum(trial.seconds for trial in self._finished_here) / len(self._finished_here)
        return f"~ {describe_duration(mean * left / self._config.workers)}"
