"""The pictures of a report: opened, made small, explained, and set beside those that the model finds most alike."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import keras
import numpy as np

from car_classifier.evaluation import predict_probabilities
from car_classifier.grad_cam import GradCam
from car_classifier.heat import spread_over_picture
from car_classifier.model_file import ModelCard
from car_classifier.prepared_data import PreparedData
from car_classifier.training.feature_cache import FeatureCache
from data.dataset import Split, concatenate_splits
from data.loader import PictureLoader
from data.picture import decode_picture
from data.split_picture import open_picture
from results.answers import Answers, answers_from_probabilities
from results.calibration import apply_temperature
from results.page import Picture
from results.picture_material import PictureMaterial, embed_jpeg
from results.plots.heat import paint_heat
from results.selection import NUM_DUPLICATES, Selection

_SIDE = 300  # pixels of the longer side of a thumbnail
_QUALITY = 72
_MOST_PER_CLASS = 300  # training pictures of a class among which the nearest one is looked for

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class ReportPictures:
    """Opens the pictures of a run for its report.

    Args:
        network: of the run.
        card: of the network.
        data: the pictures.
        features_folder: where features are remembered.
    """

    network: keras.Model
    card: ModelCard
    data: PreparedData
    features_folder: Path

    def validation_answers(self, told: Told) -> Answers | None:
        """Return calibrated answers to the validation pictures; None where the model has trained on them or there are none."""
        if "validation" not in self.data.dataset.splits or self.data.config.training.refit:
            return None
        probabilities = predict_probabilities(self.network, self.data.evaluation_loader("validation"), told)
        shown = apply_temperature(probabilities, self.card.temperature)
        split = self.data.dataset.splits["validation"]
        return answers_from_probabilities(split.paths, split.labels, shown, self.card.class_names)

    def material(self, answers: Answers, selection: Selection, *, validation: Answers | None, told: Told) -> PictureMaterial:
        """Return thumbnails, maps and nearest training pictures of all that a report shows."""
        paired = [index for pair in selection.pairs for index in pair.mistakes]
        near, note = self._nearest(answers, selection, told)
        explained = {answers.files[i]: int(answers.classes[i, 0]) for i in {*paired, *selection.mistakes}}
        pictures, maps = self._maps(explained)
        others = [answers.files[i] for i in selection.doubts] + [group.files[i] for group, i in selection.suspects]
        others += [file for file, _ in near.values()]
        others += [file for group in selection.duplicates[:NUM_DUPLICATES] for file in group["files"]]
        thumbnails = pictures | {file: _thumbnail(decode_picture(file)) for file in {*others} - {*pictures}}
        return PictureMaterial(thumbnails, maps, near, validation, note)

    def _maps(self, explained: dict[str, int]) -> tuple[dict[str, Picture], dict[str, Picture]]:
        """Thumbnails, and the same with the map of a class over them."""
        cam, pictures, maps = GradCam(self.network), {}, {}
        places = self._places()
        for files in _batches(sorted(explained), self.data.config.training.batch_size):
            found = [places[file] for file in files]
            opened = [open_picture(split, index) for split, index in found]
            boxes = [None if split.boxes is None else split.boxes[index] for split, index in found]
            squares = np.stack([self.card.geometry.apply(picture, box) for picture, box in zip(opened, boxes)])
            values, _ = cam.explain(squares, [explained[file] for file in files])
            for file, picture, box, value in zip(files, opened, boxes, values):
                small = _shrink(picture)
                scale = small.shape[1] / picture.shape[1]
                part = [scale * edge for edge in self.card.geometry.seen_part(picture.shape, box)]
                pictures[file] = _thumbnail(small)
                maps[file] = _thumbnail(paint_heat(small, spread_over_picture(value, small.shape, part)))
        return pictures, maps

    def _places(self) -> dict[str, tuple[Split, int]]:
        """Every file of the run: its split, and its place there."""
        splits = self.data.dataset.splits.values()
        return {str(path): (split, index) for split in splits for index, path in enumerate(split.paths)}

    def _nearest(
        self, answers: Answers, selection: Selection, told: Told
    ) -> tuple[dict[tuple[str, int], tuple[str, float]], tuple[str, ...]]:
        """For each shown mistake the most alike training picture of both classes, and what to say about the search."""
        if not selection.pairs:
            return {}, ()
        split = self.data.dataset.splits["train"]
        classes = sorted({place for pair in selection.pairs for place in (pair.first, pair.second)})
        chosen, is_capped = _chosen(split.labels, classes)
        train = split.take(chosen)
        mistakes = sorted({index for pair in selection.pairs for index in pair.mistakes})
        looked = self._features(train, told)
        asked = self._features(self._evaluated(answers, mistakes), told)
        nearest = {}
        for row, index in enumerate(mistakes):
            for place in {int(answers.labels[index]), int(answers.classes[index, 0])}:
                own = np.flatnonzero(train.labels == place)
                if own.size:
                    alike = looked[own] @ asked[row]
                    nearest[answers.files[index], place] = str(train.paths[own[alike.argmax()]]), float(alike.max())
        note = f"The nearest ones were looked for among at most {_MOST_PER_CLASS} training pictures of each class."
        return nearest, (note,) if is_capped else ()

    def _evaluated(self, answers: Answers, indices: Sequence[int]) -> Split:
        places = self._places()
        found = (places[answers.files[index]] for index in indices)
        return concatenate_splits([split.take(np.array([place])) for split, place in found])

    def _features(self, split: Split, told: Told) -> np.ndarray:
        """What the classifier sees of each picture, as vectors of length 1, float32 [N, F]."""
        backbone = keras.Model(self.network.inputs[0], self.network.layers[-1].input, name=f"{self.network.name}_features")
        features = FeatureCache(self.features_folder).features(backbone, self._loader(split), told=told)
        return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)

    def _loader(self, split: Split) -> PictureLoader:
        dataset = replace(self.data.dataset, splits={"train": split})
        return replace(self.data, dataset=dataset).evaluation_loader("train")


def _chosen(labels: np.ndarray, classes: Iterable[int]) -> tuple[np.ndarray, bool]:
    """Places of at most `_MOST_PER_CLASS` pictures of each class, evenly spread, and whether any were left out."""
    groups = [np.flatnonzero(labels == place) for place in classes]
    taken = [group[:: -(-len(group) // _MOST_PER_CLASS) or 1] for group in groups]
    return np.concatenate(taken), any(len(some) < len(group) for some, group in zip(taken, groups))


def _batches(files: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (files[start : start + size] for start in range(0, len(files), size))


def _shrink(picture: np.ndarray) -> np.ndarray:
    scale = _SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    width, height = (max(1, round(scale * side)) for side in picture.shape[1::-1])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _thumbnail(picture: np.ndarray) -> Picture:
    small = _shrink(picture)
    _, content = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return embed_jpeg(content.tobytes(), small.shape[1], small.shape[0])
