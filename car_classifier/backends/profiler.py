"""Profiles of a few steps, in the running backend's own format and as text."""

import cProfile
import io
import pstats
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import keras

from car_classifier.base.files import write_text

LINES = 40


def profile_work(work: Callable[[], None], folder: Path) -> None:
    """Run `work` under the profilers.

    `folder` receives profile.txt (the Python functions that took longest) and, on TensorFlow and JAX, a trace of the
    device for TensorBoard's profile page or Perfetto.
    """
    folder.mkdir(parents=True, exist_ok=True)
    profile = cProfile.Profile()
    with _trace(folder):
        profile.runcall(work)
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("cumulative").print_stats(LINES)
    write_text(folder / "profile.txt", text.getvalue())


def _trace(folder: Path) -> AbstractContextManager:
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.profiler.experimental.Profile(str(folder))
    if keras.backend.backend() == "jax":
        import jax

        return jax.profiler.trace(str(folder))
    return nullcontext()
