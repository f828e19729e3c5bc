"""The start of a backend without its chatter."""

import logging
import os
import sys
import tempfile


def load_backend() -> None:
    """Import Keras and its backend; what their native code prints meanwhile is shown only when the import fails.

    TensorFlow 2.21 prints six lines about oneDNN and CUDA, which no variable of the environment keeps away.
    """
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            import keras  # noqa: F401 - imported for its effect
        except Exception:
            os.dup2(saved, 2)
            sink.seek(0)
            os.write(2, sink.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
    # It takes the phases of a training, each with a graph of its own, for an accident and says so at length.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
