"""The helper process starts, dies and is replaced."""

import subprocess
import sys

import psutil
import pytest

from search.engines.keras_tuner.oracle_client import CHECKOUT, OracleClient

pytestmark = pytest.mark.slow

REQUEST = {"oracle": "random", "dimensions": {"a": {"kind": "int", "min_value": 0, "max_value": 9}}, "seed": 1, "trials": []}
PARENT = """
import os, signal
import psutil
from search.engines.keras_tuner.oracle_client import OracleClient
client = OracleClient()
client.ask({"oracle": "random", "dimensions": {}, "seed": 1, "trials": []})
print(psutil.Process().children()[0].pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def helpers() -> list[psutil.Process]:
    return [process for process in psutil.Process().children() if any("oracle_process" in part for part in process.cmdline())]


@pytest.fixture(scope="module")
def client():
    client = OracleClient()
    yield client
    client.close()


def test_failing_oracle_is_a_bug_with_its_traceback(client):
    with pytest.raises(RuntimeError, match="KeyError: 'dimensions'"):
        client.ask({"oracle": "random", "seed": 1})


def test_killed_process_is_replaced_and_answers_alike(client):
    answer = client.ask(REQUEST)
    (process,) = helpers()
    process.kill()
    assert client.ask(REQUEST) == answer
    assert helpers() != [process]


def test_closing_ends_the_process(client):
    client.ask(REQUEST)
    client.close()
    assert helpers() == []


def test_process_dies_with_the_one_that_asked_it():
    parent = subprocess.run([sys.executable, "-c", PARENT], cwd=CHECKOUT, capture_output=True, text=True)
    orphans = [process for process in psutil.process_iter() if process.pid == int(parent.stdout)]
    assert psutil.wait_procs(orphans, timeout=60)[1] == []
