"""Our side: trials of the search that the command `search` runs, with a worker process, records and checkpoints."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from car_classifier.base.errors import UserError
from car_classifier.config import Config
from car_classifier.search_command import OBJECTIVE
from car_classifier.search_screen import SearchScreen
from car_classifier.search_space import has_gpu, trains_small_heads
from search.clock import SearchClock
from search.config import SearchConfig
from search.engine import SearchEngine
from search.executors.local import LocalExecutor
from search.loop import SearchLoop
from search.problem import Problem
from search.space import Space
from search.store import SearchStore
from search.trial import Suggestion, Trial


class OurSearch:
    """Runs the next trial per call, all of them in one worker process; a context manager, which starts and ends it.

    Args:
        config: every setting resolved, of the default configuration.
        space: what varies.
        values: of each trial; the first are those of the default configuration.
        folder: for the record; it is there.
    """

    def __init__(self, config: Config, space: Space, values: Sequence[dict[str, Any]], *, folder: Path):
        names = [name for name, _ in config.flat()]  # nothing is left open
        job = {
            "config": config.model_dump(mode="json"), "given": names, "weights_dir": str(config.data.directory / "weights"),
        }
        self._problem = Problem(space, values[0], OBJECTIVE, job, config.training.batch_size, config.training.epochs)
        threads = 1 if trains_small_heads(config, space, gpu=has_gpu()) else None  # as in `search`
        self._config = SearchConfig(seed=config.seed, monitor=config.training.monitor, pruner="none", threads=threads)
        self._engine = _ListedValues(values, epochs=config.training.epochs)
        self._folder, self._store, self._done = folder, SearchStore(folder), 0
        self._executor = LocalExecutor(OBJECTIVE, self._config, folder=folder)

    def __enter__(self) -> "OurSearch":
        self._executor.prepare(self._problem.job)
        return self

    def __exit__(self, *error: object) -> None:
        self._executor.close()

    def __call__(self) -> None:
        """Run a trial to its end; the first call waits for the features as well.

        Raises:
            UserError: it did not train to its end.
        """
        config = self._config.model_copy(update={"trials": self._done + 1})
        clock = SearchClock(self._folder)
        screen = SearchScreen(Console(quiet=True), config, epochs=self._engine.epochs, clock=clock)
        loop = SearchLoop(
            self._problem, config, engine=self._engine, executor=self._executor, store=self._store, observer=screen
        )
        loop.run(lambda: False)
        trial = self._store.trials()[self._done]
        if trial.state != "completed":
            raise UserError(f"Trial {trial.number} is {trial.state}: {trial.reason}\nAnother --seed draws other values.")
        self._done += 1


class _ListedValues(SearchEngine):
    """Suggests the values of a list in its order."""

    def __init__(self, values: Sequence[dict[str, Any]], *, epochs: int):
        super().__init__("", epochs=epochs)
        self._values = values

    def suggest(self, space: Space, trials: Sequence[Trial], *, seed: int) -> Suggestion:
        """Return the values of the next number."""
        return Suggestion(self._values[len(trials)])
