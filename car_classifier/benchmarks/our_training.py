"""Our side: epochs of the training that the command `train` runs."""

from car_classifier.training.epoch import TrainingEpoch
from car_classifier.training.running_phase import RunningPhase
from car_classifier.training.state import TrainingState


class OurTraining:
    """Trains one epoch per call, with all figures of an epoch.

    Args:
        running: the phase.
        accum_steps: batches per update.
    """

    def __init__(self, running: RunningPhase, *, accum_steps: int):
        self._running, self._accum_steps = running, accum_steps
        self._state = TrainingState()

    def __call__(self) -> None:
        """Train the next epoch."""
        epoch = TrainingEpoch(self._running, self._state, accum_steps=self._accum_steps, plateau_factor=1.0)
        epoch.run(lambda batch: None, lambda: None)
        self._state.rows.append({"phase": self._running.phase.name})
        self._state.batch = 0
