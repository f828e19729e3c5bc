"""Folders that look like finished trainings, for tests of what reads them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.files import write_json, write_text
from results.evaluated import Evaluated
from results.tables import NUM_ANSWERS

CLASSES = ("audi", "bmw")
FINGERPRINT = "f1"


def make_training(
    folder: Path, right: np.ndarray, *, settings: Mapping[str, Any] | None = None, tested: bool = True, home: str = "/cars",
    **record: Any,
) -> Path:
    """Write a training into `folder` that answered the pictures `right` (booleans [N]) and no other; return the folder."""
    settings = {"seed": 0, "model.name": "model1", **(settings or {})}
    numbers = range(1, NUM_ANSWERS + 1)
    lines = [",".join(["file", "true_class", *(f"class_{n}" for n in numbers), *(f"probability_{n}" for n in numbers)])]
    for number, is_right in enumerate(right):
        true = CLASSES[number % 2]
        other = CLASSES[1 - number % 2]
        best = f"{true},{other}" if is_right else f"{other},{true}"
        lines.append(f"{home}/test/{true}/{number}.jpg,{true},{best},,,,0.75,0.25,0,0,0")
    accuracy = {"accuracy": float(np.mean(right)), "accuracy_low": 0.0, "accuracy_high": 1.0}
    evaluated = Evaluated("cars", "test" if tested else "validation", FINGERPRINT, None)
    summary = {
        "run": str(folder), "model": "model1", "data": "cars", "epochs": 5, "best_epoch": 4,
        "validation": {"accuracy": 0.5}, "test": accuracy if tested else None,
    }
    step = {"seconds": 10.0, "cpu_seconds": 15.0}
    write_text(folder / "predictions.csv", "\n".join(lines) + "\n")
    write_text(folder / "model.keras", "weights")
    write_json(folder / "config.json", settings)
    write_json(folder / "data.json", {"class_names": CLASSES, "fingerprint": FINGERPRINT})
    write_json(folder / "evaluation.json", accuracy | evaluated.describe())
    write_json(folder / "run.json", {
        "format": 1, "kind": "train", "status": "done", "summary": summary, "interruptions": [], "evaluations_of_test": 1,
        "steps": {"training": step, "features": {"seconds": 99.0, "cpu_seconds": 99.0}, "evaluation": step},
        "cost": {"parameters": 1000, "trainable_parameters": 900, "gflops": 0.5}, **record,
    })
    return folder


def answers(accuracy: float, *, seed: int, pictures: int = 400) -> np.ndarray:
    """Return booleans [pictures] of which about a share of `accuracy` is true; easy pictures are easy for all seeds."""
    easiness = np.random.default_rng(7).uniform(size=pictures)
    return easiness + np.random.default_rng(seed).normal(0, 0.1, pictures) < accuracy
