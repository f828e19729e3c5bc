"""The coordinator of a search: asks the engine, starts trials, decides, and records."""

import time
from bisect import insort
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from car_classifier.base.errors import ResourceError, SearchBug
from search.batch_division import next_divisor
from search.clock import SearchClock
from search.config import SearchConfig
from search.engine import SearchEngine
from search.executor import Event, Executor, TrialTask
from search.observer import SearchObserver
from search.outcome import error_of
from search.problem import Problem
from search.pruning import reason_to_prune
from search.running_trial import RunningTrial
from search.state_copy import copy_state
from search.store import SearchStore
from search.trial import NoSuggestion, Suggestion, Trial

SearchEnd = Literal["trials", "hours", "exhausted", "stopped"]
BUG = "bug: "  # how the reason of a trial begins that ended the search; it is run again when the search goes on
MOST_DEATHS = 5  # of workers in a row before a trial, or the search, is given up
TICK = 0.2  # seconds between two looks at `stop`


class SearchLoop:
    """Works on the search in `store` until its budget is spent.

    The record is written before a trial starts and as soon as it ends, so that the process may be killed at any time; whoever
    calls holds the lock of the search's folder. What runs in the executor when `run` returns or raises can be gone on with.

    Args:
        problem: what is sought.
        config: of the search.
        engine: suggests.
        executor: runs the trials; the caller has prepared it, and closes it.
        store: the record.
        observer: told what happens.
        now: clock in seconds.
    """

    def __init__(
        self,
        problem: Problem,
        config: SearchConfig,
        *,
        engine: SearchEngine,
        executor: Executor,
        store: SearchStore,
        observer: SearchObserver,
        now: Callable[[], float] = time.monotonic,
    ):
        self._problem, self._config = problem, config
        self._engine, self._executor, self._store, self._observer = engine, executor, store, observer
        self._now = now
        self._clock = SearchClock(store.folder.parent, now=now)
        self._trials: dict[int, Trial] = {}  # the record
        self._under_way: dict[int, RunningTrial] = {}
        self._waiting: list[int] = []  # numbers of those under way that no worker has
        self._engine_waits = self._exhausted = False
        self._deaths = 0  # of workers in a row, between trials

    def run(self, stop: Callable[[], bool]) -> SearchEnd:
        """Search; return what ended it: the number of trials, the hours, an exhausted space, or `stop`.

        Args:
            stop: asked often; once it says True, no more is done.

        Raises:
            SearchBug: a trial failed as no correct program does; it is recorded, and run again when the search goes on.
            UserError, DataError, ResourceError: a trial cannot be trained; it is still recorded as running.
        """
        self._read_record()
        while (end := self._end(stop)) is None:
            self._start_trials()
            for event in self._executor.wait(TICK):
                self._handle(event)
        for number, running in self._under_way.items():
            self._record(number, running.interrupt())
        if end != "stopped":
            self._forget_states()
        self._clock.save()
        return end

    def _forget_states(self) -> None:
        """Remove what was kept for trials that come no more; more trials, asked for later, would train from the start."""
        needed = {self._trials[number].suggestion.continues for number in self._under_way}
        for number, trial in self._trials.items():
            if trial.is_finished and number not in needed:
                self._store.forget_state(number)

    def _read_record(self) -> None:
        for trial in self._store.trials():
            if trial.state == "failed" and trial.reason.startswith(BUG):
                trial = Trial(trial.number, trial.suggestion, started=trial.started, deaths=trial.deaths)
                self._store.begin(trial)
            self._trials[trial.number] = trial
            if not trial.is_finished:
                self._under_way[trial.number] = RunningTrial(trial, self._config, now=self._now)
                self._waiting.append(trial.number)
        self._observer.recorded(list(self._trials.values()))

    def _end(self, stop: Callable[[], bool]) -> SearchEnd | None:
        if not self._under_way and self._exhausted:
            return "exhausted"
        if not self._under_way and not self._wants(self._next_number()):
            return "trials"
        if stop():
            return "stopped"
        hours = self._config.hours
        return "hours" if hours is not None and self._clock.seconds >= hours * 3600 else None

    def _next_number(self) -> int:
        """Return the first number without a record: that of one which was lost, or the next."""
        return next(number for number in range(len(self._trials) + 1) if number not in self._trials)

    def _wants(self, number: int) -> bool:
        most = self._config.most_trials
        return most is None or number < most

    def _start_trials(self) -> None:
        while self._executor.num_free:
            if not self._waiting and not self._suggest():
                return
            self._start(self._waiting.pop(0))

    def _suggest(self) -> bool:
        """Record a new trial and let it wait for its start; return whether there is one."""
        number = self._next_number()
        if not self._wants(number) or self._exhausted or self._engine_waits:
            return False
        before = time.perf_counter()
        suggestion = self._ask_engine(number)
        seconds = time.perf_counter() - before
        if isinstance(suggestion, NoSuggestion):
            self._exhausted = suggestion is NoSuggestion.EXHAUSTED
            self._engine_waits = not self._exhausted
            if self._engine_waits and not self._under_way:
                raise SearchBug(f"The engine {self._config.engine} waits for trials, but none is under way.")
            return False
        parent = self._parent(suggestion)
        divisor = parent.micro_batch_divisor if parent else 1  # what goes on with a training divides its batch alike
        trial = Trial(number, suggestion, started=datetime.now(UTC).isoformat(), micro_batch_divisor=divisor)
        self._under_way[number] = RunningTrial(trial, self._config, now=self._now)
        self._record(number, trial)
        self._waiting.append(number)
        self._observer.suggested(trial, seconds)
        return True

    def _ask_engine(self, number: int) -> Suggestion | NoSuggestion:
        if number == 0:
            return Suggestion(self._problem.default_values)
        earlier = [self._trials[known] for known in sorted(self._trials) if known < number]
        return self._engine.suggest(self._problem.space, earlier, seed=self._config.seed)

    def _parent(self, suggestion: Suggestion) -> Trial | None:
        """Return the trial whose training goes on; None where there is none, or its record is lost."""
        return None if suggestion.continues is None else self._trials.get(suggestion.continues)

    def _record(self, number: int, trial: Trial) -> None:
        self._store.begin(trial)
        self._trials[number] = trial

    def _start(self, number: int) -> None:
        trial, folder = self._under_way[number].start(), self._store.state_folder(number)
        parent = self._parent(trial.suggestion)
        if parent is not None and parent.micro_batch_divisor == trial.micro_batch_divisor:
            copy_state(self._store.state_folder(parent.number), folder)
        self._executor.start(TrialTask(number, trial.values, folder, trial.suggestion.epochs, trial.micro_batch_divisor))
        self._observer.trial_started(trial)

    def _handle(self, event: Event) -> None:
        if event.kind == "prepared" or (event.kind in ("epoch", "ended") and event.number is not None):
            self._deaths = 0
        if event.kind == "prepared":
            self._observer.prepared(event.content)
        elif event.kind == "epoch":
            self._decide(event.number, event.content)
        elif event.kind == "ended":
            self._end_trial(event.number, event.content)
        else:
            self._observer.worker_replaced(event.content["reason"])
            if event.kind == "died":
                self._bear_death(event.number, event.content)

    def _decide(self, number: int, row: dict[str, Any]) -> None:
        """Let a trial train on, or stop it after this epoch."""
        running = self._under_way[number]
        is_new, trial = running.add(row), running.trial()
        if is_new:
            self._observer.epoch(trial, row)
        reason = reason_to_prune(
            self._config.pruner,
            trial,
            [self._trials[known] for known in sorted(self._trials) if known < number and self._trials[known].is_finished],
            warmup_epochs=self._config.pruner_warmup_epochs,
            startup_trials=self._config.pruner_startup_trials,
            most_epochs=self._problem.epochs,
        )
        running.reason_to_stop = reason or ""
        self._executor.answer(number, go_on=reason is None)

    def _end_trial(self, number: int | None, outcome: dict[str, Any]) -> None:
        if number is None:  # what all trials share could not be made
            raise error_of(outcome)
        running, state, reason = self._under_way[number], outcome["state"], outcome["reason"]
        if state == "completed":
            self._finish(running.trial("completed"))
        elif state == "pruned":
            self._finish(running.trial("pruned", running.reason_to_stop))
        elif state == "diverged":
            self._finish(running.trial("failed", f"diverged: {reason}"))
        elif state == "out_of_memory":
            self._divide_batch(number, reason)
        elif state == "refused" and number > 0:  # in the default configuration it is the user's to mend
            self._finish(running.trial("infeasible", reason))
        else:
            if state == "bug":
                self._finish(running.trial("failed", BUG + reason))
            raise error_of(outcome)

    def _bear_death(self, number: int | None, content: dict[str, Any]) -> None:
        """Let a trial go on whose worker is gone, unless it has killed too many."""
        if number is None:
            self._deaths += 1
            if self._deaths >= MOST_DEATHS:
                kind = ResourceError if content["out_of_memory"] else SearchBug
                raise kind(f"The last {self._deaths} workers died before they could run a trial: {content['reason']}.")
        elif content["out_of_memory"]:
            self._divide_batch(number, content["reason"])
        else:
            running = self._under_way[number]
            running.deaths_in_a_row += 1
            trial = running.interrupt(deaths=self._trials[number].deaths + 1)
            if running.deaths_in_a_row < MOST_DEATHS:
                self._wait_for_worker(number, trial)
            else:
                died = f"its worker died {MOST_DEATHS} times without another epoch: {content['reason']}"
                self._finish(running.trial("failed", died))

    def _divide_batch(self, number: int, reason: str) -> None:
        """Start a trial anew that did not fit into memory, with at most half as many pictures at a time."""
        running, trial = self._under_way[number], self._trials[number]
        divisor = next_divisor(self._problem.batch_size_of(trial.values), trial.micro_batch_divisor)
        if divisor is None:
            self._finish(running.trial("infeasible", f"out of memory, one picture at a time: {reason}"))
            return
        self._store.clear_state(number)  # it was trained in another way
        self._wait_for_worker(number, running.interrupt(micro_batch_divisor=divisor))

    def _wait_for_worker(self, number: int, trial: Trial) -> None:
        self._record(number, trial)
        insort(self._waiting, number)

    def _finish(self, trial: Trial) -> None:
        """Record a finished trial at once."""
        keeps = self._engine.keeps_training_state and trial.loss is not None
        self._store.finish(trial, keep_state=keeps)
        self._trials[trial.number] = trial
        if (parent := self._parent(trial.suggestion)) is not None:
            self._store.forget_state(parent.number)  # no engine lets two trials go on with the same one
        del self._under_way[trial.number]
        self._engine_waits = False
        self._clock.save()
        self._observer.trial_finished(trial)
