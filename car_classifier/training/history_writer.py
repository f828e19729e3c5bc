"""history.csv and its plot, kept up to date while training goes on."""

from pathlib import Path

import keras

from results.tables import write_history

NOT_A_COLUMN = "plateau_factor"  # kept in the checkpoint for a refit


class HistoryWriter(keras.callbacks.Callback):
    """Writes history.csv after every epoch.

    Args:
        folder: of the run.
    """

    def __init__(self, folder: Path):
        super().__init__()
        self._folder = folder

    def on_train_begin(self, logs=None):
        """Write what earlier epochs left, so that the file is never ahead of the checkpoint."""
        self._write()

    def on_epoch_end(self, epoch, logs=None):
        """Write all rows up to this epoch."""
        self._write()

    def _write(self) -> None:
        rows = [{k: v for k, v in row.items() if k != NOT_A_COLUMN} for row in self.params["rows"]]
        if rows:
            write_history(self._folder / "history.csv", rows)
