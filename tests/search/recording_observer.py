"""An observer that writes down what it is told."""

from search.observer import SearchObserver


class RecordingObserver(SearchObserver):
    """Keeps (name of the method, its main argument) in `told`, and hands both to `listener`."""

    def __init__(self, listener=lambda kind, what: None):
        self.told, self._listener = [], listener

    def of(self, kind):
        """Return what was told of one kind."""
        return [what for told, what in self.told if told == kind]

    def _tell(self, kind, what):
        self.told.append((kind, what))
        self._listener(kind, what)

    def recorded(self, trials):
        self._tell("recorded", trials)

    def prepared(self, content):
        self._tell("prepared", content)

    def suggested(self, trial, seconds):
        self._tell("suggested", trial)

    def trial_started(self, trial):
        self._tell("trial_started", trial)

    def epoch(self, trial, row):
        self._tell("epoch", (trial.number, row["epoch"]))

    def trial_finished(self, trial):
        self._tell("trial_finished", trial)

    def worker_replaced(self, reason):
        self._tell("worker_replaced", reason)
