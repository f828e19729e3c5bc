"""The helper process: `python -m search.engines.keras_tuner.oracle_process`, started by the engine.

It reads one request per line of JSON from its standard input and writes one answer per line to its standard output. It
remembers nothing between them, and ends when its input does: at the latest when the process that started it dies.
"""

import json
import os
import sys
import warnings
from typing import Any, TextIO

from search.engines.keras_tuner.hyperband import ask_hyperband
from search.engines.keras_tuner.oracles import ask_bayesian, ask_random

ORACLES = {"random": ask_random, "bayesian": ask_bayesian, "hyperband": ask_hyperband}


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer requests until there are no more; one that fails ends the process with its traceback."""
    for line in requests:
        request = json.loads(line)
        answers.write(json.dumps(ORACLES[request["oracle"]](request), default=_plain) + "\n")
        answers.flush()


def _plain(number: Any) -> Any:
    return number.item()  # NumPy's


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the library prints is no answer
    warnings.simplefilter("ignore")
    serve(sys.stdin, answers)
