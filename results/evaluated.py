"""Which pictures an evaluation is about, and of which weights: stored with it, so that nobody has to guess."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.files import read_json

_KEY = "evaluated"


@dataclass(frozen=True)
class Evaluated:
    """What an evaluation is about.

    Args:
        data: name of the data set.
        split: "test", "validation" or "train".
        fingerprint: of the data set with all its splits.
        weights: of the model, as `weights_checksum` returns it.
        mirrored: whether the answers are averaged over each picture and its mirror image.
    """

    data: str
    split: str
    fingerprint: str
    weights: int | None
    mirrored: bool = False

    def describe(self) -> dict[str, Any]:
        """Return what stands in evaluation.json beside the figures."""
        return {_KEY: vars(self)}


def weights_checksum(folder: Path) -> int | None:
    """Return the CRC-32 of the weights in a run's model.keras, which its archive knows; None without a model."""
    try:
        with zipfile.ZipFile(folder / "model.keras") as archive:
            return archive.getinfo("model.weights.h5").CRC
    except (OSError, KeyError, zipfile.BadZipFile):
        return None


def stored_figures(place: Path, evaluated: Evaluated) -> dict[str, Any] | None:
    """Return the figures in the folder `place` when they are complete and about just this, else None."""
    if not _is_complete(place):
        return None
    figures = read_json(place / "evaluation.json")
    return figures if figures.pop(_KEY, None) == vars(evaluated) else None


def find_evaluation(folder: Path, split: str, summary: dict[str, Any]) -> Path | None:
    """Return where the evaluation of a run on its own split lies, mirror images left aside: the newest one, or None.

    Args:
        folder: of the run.
        split: "test" or "validation".
        summary: of run.json.
    """
    if _is_complete(folder) and split_in_root(folder, summary) == split:
        return folder
    fingerprint, weights = read_json(folder / "data.json")["fingerprint"], weights_checksum(folder)
    found = sorted(folder.glob("evaluations/*/evaluation.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for place in (file.parent for file in found):
        about = read_json(place / "evaluation.json").get(_KEY)
        if about is not None and _is_complete(place) and about == vars(Evaluated(about["data"], split, fingerprint, weights)):
            return place
    return None


def split_in_root(folder: Path, summary: dict[str, Any]) -> str | None:
    """Return which split the evaluation in the folder of a run is about; None without one, or where nothing tells.

    Earlier versions did not store it: theirs has the loss of the split in the summary of the training.
    """
    if not (folder / "evaluation.json").is_file():
        return None
    figures = read_json(folder / "evaluation.json")
    if _KEY in figures:
        return figures[_KEY]["split"]
    return next((split for split in ("test", "validation") if (summary.get(split) or {}).get("loss") == figures["loss"]), None)


def _is_complete(place: Path) -> bool:
    """Whether all is there; evaluation.json is written last."""
    return all((place / name).is_file() for name in ("evaluation.json", "predictions.csv"))
