"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real pictures and weights, named by CAR_CLASSIFIER_TEST_DATA; without it the test skips and says so."""
    folder = os.environ.get("CAR_CLASSIFIER_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CAR_CLASSIFIER_TEST_DATA names no folder of real pictures")
    return Path(folder)
