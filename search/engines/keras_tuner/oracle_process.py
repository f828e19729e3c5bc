"""The helper process: `python -m search.engines.keras_tuner.oracle_process`, started by the engine.

It reads one request per line of JSON from its standard input and writes one answer per line to its standard output. It
remembers nothing between them, and ends when its input does: at the latest when the process that started it dies.
"""

import json
import os
import sys
import traceback
import warnings
from typing import Any, TextIO

from search.engines.keras_tuner.hyperband import ask_hyperband
from search.engines.keras_tuner.oracles import ask_bayesian, ask_random

ORACLES = {"random": ask_random, "bayesian": ask_bayesian, "hyperband": ask_hyperband}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Ask the oracle that `request` names; the answer to a request that fails is its traceback."""
    try:
        return ORACLES[request["oracle"]](request)
    except Exception:  # whatever it is, the engine must hear of it
        return {"error": traceback.format_exc()}


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer requests until there are no more."""
    for line in requests:
        answers.write(json.dumps(answer(json.loads(line)), default=_plain) + "\n")
        answers.flush()


def _plain(number: Any) -> Any:
    return number.item()  # NumPy's


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the library prints is no answer
    warnings.simplefilter("ignore")
    serve(sys.stdin, answers)
