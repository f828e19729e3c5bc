"""Fixtures of the tests of models."""

from functools import cache
from pkgutil import resolve_name

import numpy as np
import pytest

from models.registry import MODELS

NUM_CLASSES = 3


@cache
def _small_model(name: str):
    size = MODELS[name].min_image_size
    return resolve_name(MODELS[name].create)((size, size, 3), NUM_CLASSES, fc_layers=(8,))


@pytest.fixture(scope="session")
def small_model():
    """Function from a name to that model for the smallest pictures, with a narrow head; shared: do not change it."""
    return _small_model


@pytest.fixture(scope="session")
def random_pictures():
    """Function from a size to two random pictures, uint8."""
    return lambda size: np.random.default_rng(0).integers(0, 256, (2, size, size, 3), dtype=np.uint8)
