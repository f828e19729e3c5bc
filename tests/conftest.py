"""Fixtures that every test may use."""

import os
import signal
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


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_works() -> None:
    """Take Ctrl-C seriously where the tests run in the background of a shell, which has it ignored, by their children too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
