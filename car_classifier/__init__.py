"""Classify look-alike things from photographs: train, search, evaluate, compare, explain."""

from importlib import import_module
from typing import Any

EXPORTS = {
    "run_model_pipeline": "car_classifier.pipeline",
    "PipelineOptions": "car_classifier.pipeline",
    "PipelineResult": "car_classifier.pipeline",
    "load_model": "car_classifier.model_file",
    "create_callbacks": "car_classifier.training.callbacks.create",
    "Config": "car_classifier.config",
}
__all__ = list(EXPORTS)


def __getattr__(name: str) -> Any:
    """Import what is exported when it is first asked for, so that `--help` loads no TensorFlow."""
    if name not in EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(EXPORTS[name]), name)
