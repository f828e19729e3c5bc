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


@pytest.fixture(scope="session", autouse=True)
def home_of_tests(tmp_path_factory) -> None:
    """Keep what the program remembers between runs out of the home of whoever runs the tests, and screens equally wide."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("COLUMNS", "120")
        monkeypatch.setenv("CAR_CLASSIFIER_HOME", str(tmp_path_factory.mktemp("home")))
        yield
