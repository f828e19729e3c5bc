"""The start of a backend without its chatter."""

import logging

from car_classifier.base.native_output import held_back


def load_backend() -> None:
    """Import Keras and its backend; what their native code prints meanwhile is shown only when the import fails.

    TensorFlow 2.21 prints six lines about oneDNN and CUDA, which no variable of the environment keeps away.
    """
    with held_back():
        import keras  # noqa: F401 - imported for its effect
    # It takes the phases of a training, each with a graph of its own, for an accident and says so at length.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
