"""TensorBoard logs, written without TensorFlow."""

from pathlib import Path

import keras
from tensorboardX import SummaryWriter

SKIPPED = ("epoch", "phase")


class TensorBoardWriter(keras.callbacks.Callback):
    """Writes every figure of every epoch for TensorBoard.

    After an interruption the logs of repeated epochs are written again under the same step, which TensorBoard shows once.

    Args:
        folder: of the logs, one per run.
    """

    def __init__(self, folder: Path):
        super().__init__()
        self._folder = folder

    def on_epoch_end(self, epoch, logs=None):
        """Write the figures of one finished epoch."""
        with SummaryWriter(str(self._folder)) as writer:
            for name, value in (logs or {}).items():
                if name not in SKIPPED and value is not None:
                    writer.add_scalar(name.replace("val_", "validation/", 1), value, epoch)
