"""A finished training without pictures on disk, for tests of its page."""

from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.files import write_json
from results.metrics import classification_figures
from results.run_record import RunRecord, read_run
from results.tables import write_history, write_predictions

STEP = {"seconds": 12.5, "cpu_seconds": 20.0}


def make_run(folder: Path, *, num_classes: int = 12, num_pictures: int = 240, evaluated: str | None = "test",
             names: tuple[str, ...] | None = None, **changes: Any) -> RunRecord:
    """Write the files of a run into `folder` and read them.

    Args:
        evaluated: "test", "validation" or None.
        changes: of run.json.
    """
    names = names or tuple(f"Make {number % 7} Model {number} Sedan 2012" for number in range(num_classes))
    generator = np.random.default_rng(0)
    labels = generator.integers(0, len(names), num_pictures)
    sums = generator.normal(size=(num_pictures, len(names)))
    sums[np.arange(num_pictures), labels] += 3
    probabilities = (np.exp(sums) / np.exp(sums).sum(axis=1, keepdims=True)).astype(np.float32)
    figures = classification_figures(labels, probabilities, class_names=names, seed=0)
    short = {name: value for name, value in figures.items() if name != "per_class"}
    figures["intervals"] = {"accuracy": [0.7, 0.8], "auc_macro_ovr": [0.912, 0.934], "set_size": [2.04, 3.0]}
    if evaluated:
        files = [f"pictures/{number:05d}.jpg" for number in range(num_pictures)]
        write_predictions(folder / "predictions.csv", files, labels=labels, probabilities=probabilities, class_names=names)
        write_json(folder / "evaluation.json", figures)
    write_history(folder / "history.csv", [{"epoch": 1, "phase": "train", "loss": 1.0}])
    write_json(folder / "config.json", {"seed": 0, "model.weights": "imagenet", "model.x_trainable": "none",
                                        "data.image_size": 64, "data.geometry": "stretch", "data.cut_to_box": True})
    counts = [20] * len(names)
    write_json(folder / "data.json", {
        "name": "synthetic", "class_names": list(names), "counts_per_class": {"train": counts}, "fingerprint": "f" * 64,
        "counts": {"train": sum(counts), "validation": 30, "test": num_pictures}, "skipped": [], "notes": [], "has_boxes": True,
    })
    summary = {"model": "squeezenet", "data": "synthetic", "epochs": 1, "best_epoch": 1, "validation": short,
               "test": short if evaluated == "test" else None, "seconds": 12.5, "cpu_seconds": 20.0}
    write_json(folder / "run.json", {
        "format": 1, "kind": "train", "status": "done", "command": ["train", "--data", "a b"], "end": None,
        "start": "2026-11-20T17:05:00+00:00", "steps": {"training": STEP}, "interruptions": [], "evaluations_of_test": 1,
        "versions": {"keras": "3"}, "hardware": {"processor": "CPU", "cores": 2, "memory_gb": 8}, "backend": "tensorflow",
        "devices": ["cpu:0"], "summary": summary, **changes,
    })
    return read_run(folder)
