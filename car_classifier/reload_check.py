"""The stored model, loaded by a fresh process, must predict what the trained one predicts."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from car_classifier.base.errors import CarClassifierError
from car_classifier.base.files import atomic_path

TOLERANCE = 1e-5


def check_reload(model_file: Path, pictures: np.ndarray, probabilities: np.ndarray, *, tolerance: float) -> None:
    """Load `model_file` in a new process and compare.

    Args:
        pictures: [N, H, W, 3], a few are enough.
        probabilities: [N, C] of the trained network.
        tolerance: largest difference of a probability.

    Raises:
        CarClassifierError: the stored model cannot be loaded there or predicts something else.
    """
    sample = model_file.parent / ".reload-check.npz"
    with atomic_path(sample) as temporary:
        np.savez(temporary, pictures=pictures, probabilities=probabilities, tolerance=tolerance)
    try:
        command = [sys.executable, "-m", "car_classifier.reload_check", str(model_file.resolve()), str(sample.resolve())]
        # In a session of its own: a Ctrl-C is for this process, which then stops at the next safe point.
        done = subprocess.run(
            command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, start_new_session=True
        )
    finally:
        sample.unlink()
    if done.returncode:
        raise CarClassifierError(f"{model_file} does not predict the same after loading:\n{done.stderr[-2000:]}")


def main(model_file: str, sample_file: str) -> None:
    """Compare; raise when predictions differ."""
    from car_classifier.model_file import load_model

    with np.load(sample_file, allow_pickle=False) as sample:
        received = load_model(model_file).predict_on_batch(sample["pictures"])
        difference = float(np.abs(received - sample["probabilities"]).max())
        if not difference <= float(sample["tolerance"]):
            raise CarClassifierError(f"Predictions differ by up to {difference:g}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
