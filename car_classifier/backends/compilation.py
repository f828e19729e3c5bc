"""Compiled functions that outlive the model that they were compiled for."""

from pathlib import Path

import keras


def share_compiled_functions(folder: Path) -> None:
    """Keep what the backend compiles in `folder`, so that models of equal shapes, in any process, need not compile again.

    JAX can do that. TensorFlow's graphs hold the variables of one model, and PyTorch compiles nothing here: on them this
    does nothing.
    """
    if keras.backend.backend() != "jax":
        return
    import jax

    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
