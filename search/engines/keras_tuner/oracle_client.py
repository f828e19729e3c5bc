"""The engine's side of the helper process."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[3]
PROCESS = "search.engines.keras_tuner.oracle_process"
ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",  # the library imports TensorFlow, which would take the memory of the GPU
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",  # small matrices: with more threads several times slower
    "OPENBLAS_NUM_THREADS": "1",
}
LAST_LINES = 30


class OracleClient:
    """Asks KerasTuner's oracles in another process, which starts with the first question (about 5 s)."""

    def __init__(self):
        self._process: subprocess.Popen[str] | None = None
        self._log = None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the oracle's answer.

        Args:
            request: as the oracle process takes it. A process that has died (killed for memory, say) is started once more:
                it holds no state.

        Raises:
            RuntimeError: the process died twice; the message holds its traceback.
        """
        line = json.dumps(request) + "\n"
        reply = self._exchange(line)
        if not reply:
            self.close()
            reply = self._exchange(line)
        if not reply:
            raise RuntimeError(f"The helper process of keras-tuner died twice. Its last words:\n{self._last_words()}")
        return json.loads(reply)

    def close(self) -> None:
        """End the process, if it was started."""
        if self._process is not None:
            self._process.kill()  # it holds nothing
            self._process.communicate()
            self._log.close()
            self._process = None

    def _exchange(self, line: str) -> str:
        """Return the answer to a request; empty where the process died of it, or before."""
        if self._process is None:
            self._start()
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except BrokenPipeError:
            return ""

    def _start(self) -> None:
        self._log = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", PROCESS], cwd=CHECKOUT, env={**os.environ, **ENVIRONMENT}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
            start_new_session=True,  # Ctrl-C is for the coordinator
        )

    def _last_words(self) -> str:
        self._log.seek(0)
        return "".join(self._log.readlines()[-LAST_LINES:])
