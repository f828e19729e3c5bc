"""Predictions as one JSON object on one line, written piece by piece."""

import json
from typing import TextIO

from car_classifier.prediction import Prediction


class PredictionJson:
    """The object of `predict --json`: `run`, `predictions`, `skipped`.

    Args:
        file: open for text.
        run: the folder of the run.
    """

    def __init__(self, file: TextIO, *, run: str):
        self._file, self._skipped, self._separator = file, [], ""
        file.write(f'{{"run": {json.dumps(run)}, "predictions": [')

    def add(self, prediction: Prediction) -> None:
        """Write a prediction; those skipped are kept for the end."""
        if prediction.skipped is not None:
            self._skipped.append(prediction.as_json())
            return
        self._file.write(self._separator + json.dumps(prediction.as_json()))
        self._separator = ", "

    def close(self) -> None:
        """Write the end of the object."""
        self._file.write(f'], "skipped": {json.dumps(self._skipped)}}}\n')
