"""Running small searches in tests."""

import time
from dataclasses import replace

from search.config import SearchConfig
from search.executors.local import LocalExecutor
from search.loop import SearchLoop
from search.registry import create_engine
from search.store import SearchStore
from tests.search.fake_executor import FakeExecutor
from tests.search.quadratic import quadratic_problem, row_of
from tests.search.recording_observer import RecordingObserver

EPOCHS = 5


def never(observer=None):
    """Let a search go on."""
    return False


def full_script(task):
    """Play a trial of the cheap objective from its first epoch to its last."""
    for epoch in range(1, (task.epochs or EPOCHS) + 1):
        if not (yield row_of(task.values, epoch)):
            return {"state": "pruned"}
    return {"state": "completed"}


def search_config(**settings):
    """Return settings of a small random search without a pruner."""
    return SearchConfig(**{"engine": "random", "trials": 6, "pruner": "none", "seed": 1, **settings})


def play(folder, script=full_script, *, stop=never, engine=None, now=time.monotonic, **settings):
    """Search with trials that are played in this process; return (end, trials, observer, executor)."""
    config, observer = search_config(**settings), RecordingObserver()
    executor, store = FakeExecutor(script, workers=config.workers), SearchStore(folder)
    engine = engine or create_engine(config.engine, epochs=EPOCHS)
    loop = SearchLoop(quadratic_problem(), config, engine=engine, executor=executor, store=store, observer=observer, now=now)
    return loop.run(stop), store.trials(), observer, executor


def work(folder, job=None, *, stop=never, listener=lambda kind, what: None, observer=None, **settings):
    """Search with real worker processes; return (end, trials, observer)."""
    config, problem = search_config(**settings), quadratic_problem(**job or {})
    observer = observer or RecordingObserver(listener)
    folder.mkdir(parents=True, exist_ok=True)
    executor, store = LocalExecutor(problem.objective, config, folder=folder), SearchStore(folder)
    try:
        executor.prepare(problem.job)
        engine = create_engine(config.engine, epochs=problem.job["epochs"])
        loop = SearchLoop(problem, config, engine=engine, executor=executor, store=store, observer=observer)
        return loop.run(lambda: stop(observer)), store.trials(), observer
    finally:
        executor.close()


def results(trials):
    """Return trials without what differs from run to run: times and deaths."""
    return [replace(trial, started="", seconds=0.0, deaths=0) for trial in trials]
