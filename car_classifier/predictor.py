"""A trained model that answers pictures from files."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import keras
import numpy as np

from car_classifier.base.errors import DataError, PictureError
from car_classifier.model_file import ModelCard
from car_classifier.prediction import Prediction
from car_classifier.prediction_targets import Target
from data.machine import num_processors
from data.picture import decode_picture
from models.features import with_features
from results.calibration import apply_temperature
from results.conformal import prediction_sets, set_limit
from results.familiarity import familiarity
from results.hierarchy import Hierarchy
from results.sure_answer import find_answer
from results.tables import best_classes

BATCHES_AHEAD = 2  # read while the network answers another; keeps memory the same for ten files and for a million


@dataclass(frozen=True, kw_only=True)
class PredictorOptions:
    """How pictures are read and what is said of them.

    Args:
        top: classes that are named per picture.
        coverage: share of sets that shall hold the true class, in (0, 1).
        certainty: least probability of an answer, in [0, 1].
        batch_size: pictures per step of the network; changes no answer.
        max_megapixels: larger pictures are refused.
    """

    top: int
    coverage: float
    certainty: float
    batch_size: int
    max_megapixels: float


class Predictor:
    """Answers pictures in the order in which they are given, whatever their number, in bounded memory.

    Args:
        network: a trained model.
        card: what its file says about classes, pictures, temperature and thresholds.
        hierarchy: groups of classes that may stand in for a class; None where there are none.
        options: see there.
    """

    def __init__(self, network: keras.Model, card: ModelCard, *, hierarchy: Hierarchy | None, options: PredictorOptions):
        self._network = with_features(network)
        self._card, self._hierarchy, self._options = card, hierarchy, options
        if card.thresholds is not None:
            self._limit = set_limit(card.thresholds.set_scores, card.thresholds.num_pictures, options.coverage)
            self._directions = np.array(card.thresholds.directions)

    def predict(self, targets: Iterable[Target]) -> Iterator[Prediction]:
        """Yield a prediction for each target; one that cannot be used says why."""
        targets, ahead = iter(targets), deque()
        with ThreadPoolExecutor(num_processors()) as pool:
            while batch := list(islice(targets, self._options.batch_size)):
                ahead.append([(target, pool.submit(self._read, target)) for target in batch])
                if len(ahead) > BATCHES_AHEAD:
                    yield from self._answered(ahead.popleft())
            while ahead:
                yield from self._answered(ahead.popleft())

    def _read(self, target: Target) -> np.ndarray:
        if target.fault is not None:
            raise PictureError(target.path, target.fault)
        picture = decode_picture(target.path, max_megapixels=self._options.max_megapixels)
        return self._card.geometry.apply(picture, target.box)

    def _answered(self, batch: list[tuple[Target, Future]]) -> Iterator[Prediction]:
        pictures, skipped = [], {}
        for place, (_, reading) in enumerate(batch):
            try:
                pictures.append(reading.result())
            except DataError as error:
                skipped[place] = error.reason if isinstance(error, PictureError) else str(error)
        answers = iter(self._answers(np.stack(pictures)) if pictures else ())
        for place, (target, _) in enumerate(batch):
            said = {"skipped": skipped[place]} if place in skipped else next(answers)
            yield Prediction(target.path, **said)

    def _answers(self, pictures: np.ndarray) -> Iterator[dict]:
        """Yield the fields of a prediction for each picture, uint8 [B, S, S, 3]."""
        probabilities, features = (np.asarray(part, np.float32) for part in self._network.predict_on_batch(pictures))
        probabilities = apply_temperature(probabilities, self._card.temperature)
        names, options, thresholds = self._card.class_names, self._options, self._card.thresholds
        if thresholds is not None:
            members = prediction_sets(probabilities, self._limit)
            unknown = familiarity(features, self._directions) < thresholds.unknown_below
        for place, row in enumerate(probabilities):
            order = best_classes(row, len(names))
            said = {"classes": tuple((names[index], float(row[index])) for index in order[: options.top])}
            if thresholds is not None:
                said["members"] = tuple(names[index] for index in order if members[place, index])
                said["unknown"] = bool(unknown[place])
            if not said.get("unknown"):
                said["answer"] = find_answer(row, names, hierarchy=self._hierarchy, certainty=options.certainty)
            yield said
