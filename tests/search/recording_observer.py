"""An observer that writes down what it is told."""

from search.observer import SearchObserver


class RecordingObserver(SearchObserver):
    """Keeps (name of the method, its main argument) in `told`."""

    def __init__(self):
        self.told = []

    def of(self, kind):
        """Return what was told of one kind."""
        return [what for told, what in self.told if told == kind]

    def recorded(self, trials):
        self.told.append(("recorded", trials))

    def prepared(self, content):
        self.told.append(("prepared", content))

    def suggested(self, trial, seconds):
        self.told.append(("suggested", trial))

    def trial_started(self, trial):
        self.told.append(("trial_started", trial))

    def epoch(self, trial, row):
        self.told.append(("epoch", (trial.number, row["epoch"])))

    def trial_finished(self, trial):
        self.told.append(("trial_finished", trial))

    def worker_replaced(self, reason):
        self.told.append(("worker_replaced", reason))
